-- Layout 4: what the watch has found and foreseen.

-- A log of its own, chained like that of decisions. `about` is the id of a situation or a forecast; `body` is the entry as JSON, packed with zstd: a
-- forecast holds its draws.
CREATE TABLE watch_entry (
    seq INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    about TEXT NOT NULL,
    body BLOB NOT NULL,
    hash TEXT NOT NULL
) STRICT;
CREATE INDEX watch_entry_about ON watch_entry (about, kind, seq);
CREATE INDEX watch_entry_kind ON watch_entry (kind, seq);
CREATE TABLE watch_head (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    seq INTEGER NOT NULL,
    hash TEXT NOT NULL
) STRICT;

-- Situations as that log gives them: derived. `updated` is in microseconds since 1970.
CREATE TABLE situation (
    id TEXT PRIMARY KEY,
    open INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    document TEXT NOT NULL
) STRICT;
CREATE INDEX situation_updated ON situation (open, updated);

INSERT INTO watch_head VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');
