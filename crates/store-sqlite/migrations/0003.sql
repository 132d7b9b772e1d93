-- Layout 3: the sources that reports come from, and what is remembered of fetching them.

-- A person writes the definition, the program the state: neither overwrites the other's.
CREATE TABLE source (
    id TEXT PRIMARY KEY,
    definition TEXT NOT NULL,
    state TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE source_day (
    source TEXT NOT NULL,
    day TEXT NOT NULL,
    tries INTEGER NOT NULL,
    successes INTEGER NOT NULL,
    new INTEGER NOT NULL,
    seen INTEGER NOT NULL,
    refused INTEGER NOT NULL,
    PRIMARY KEY (source, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE source_item (
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    met TEXT NOT NULL,
    waiting TEXT,
    changed TEXT,
    reads INTEGER NOT NULL,
    PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX source_item_met ON source_item (source, met);
CREATE INDEX source_item_waiting ON source_item (source, met, key) WHERE waiting IS NOT NULL;

CREATE TABLE host (
    server TEXT PRIMARY KEY,
    state TEXT NOT NULL
) STRICT, WITHOUT ROWID;
