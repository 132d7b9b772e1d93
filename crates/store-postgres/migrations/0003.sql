-- Layout 3: the sources that reports come from, and what is remembered of fetching them.

-- A person writes the definition, the program the state: neither overwrites the other's.
CREATE TABLE source (
    id TEXT COLLATE "C" PRIMARY KEY,
    definition TEXT NOT NULL,
    state TEXT NOT NULL
);

CREATE TABLE source_day (
    source TEXT COLLATE "C" NOT NULL,
    day TEXT COLLATE "C" NOT NULL,
    tries BIGINT NOT NULL,
    successes BIGINT NOT NULL,
    new BIGINT NOT NULL,
    seen BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    PRIMARY KEY (source, day)
);

CREATE TABLE source_item (
    source TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    met TEXT COLLATE "C" NOT NULL,
    waiting TEXT,
    changed TEXT,
    reads BIGINT NOT NULL,
    PRIMARY KEY (source, key)
);
CREATE INDEX source_item_met ON source_item (source, met);
CREATE INDEX source_item_waiting ON source_item (source, met, key) WHERE waiting IS NOT NULL;

CREATE TABLE host (
    server TEXT COLLATE "C" PRIMARY KEY,
    state TEXT NOT NULL
);
