-- Layout 1. A file of this folder is never changed once it was released: a new layout is a new file.

-- The log. `body` is the decision as JSON, letter by letter what `hash` is over.
CREATE TABLE decision (
    seq INTEGER PRIMARY KEY,
    body TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;

-- The end of the log as it was written, so that a log that was cut off is known by it.
CREATE TABLE head (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    seq INTEGER NOT NULL,
    hash TEXT NOT NULL
) STRICT;

-- What decisions are about: `i:` incident, `r:` report, `rule`. Derived from the log.
CREATE TABLE subject (
    subject TEXT NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (subject, seq)
) STRICT, WITHOUT ROWID;

-- Reports. `text` and `coded` are zstd; `published` is an ISO day or empty; `copy_of` is derived from the log.
CREATE TABLE report (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    text_sha256 TEXT NOT NULL,
    coded_sha256 TEXT NOT NULL,
    url TEXT,
    given_id TEXT,
    title TEXT,
    publisher TEXT,
    publisher_key TEXT,
    language TEXT,
    published TEXT NOT NULL,
    fetched TEXT,
    source TEXT,
    headers TEXT NOT NULL,
    signature TEXT NOT NULL,
    copy_of TEXT,
    text BLOB NOT NULL,
    coded BLOB NOT NULL
) STRICT;
CREATE INDEX report_text ON report (text_sha256, n);
CREATE INDEX report_published ON report (published, n);
CREATE INDEX report_publisher ON report (publisher_key, published, n);
CREATE INDEX report_copy ON report (copy_of) WHERE copy_of IS NOT NULL;
CREATE VIRTUAL TABLE report_words USING fts5 (
    words, content = '', contentless_delete = 1, tokenize = 'porter ascii'
);

-- The events of reports. `home` is the incident that the event was linked to, derived from the log; `telling` is what
-- the incident is made of.
CREATE TABLE event (
    report TEXT NOT NULL,
    event TEXT NOT NULL,
    place INTEGER NOT NULL,
    home TEXT,
    telling TEXT NOT NULL,
    PRIMARY KEY (report, event)
) STRICT, WITHOUT ROWID;

-- Incidents as the log and the reports give them: all that follows is derived.
CREATE TABLE incident (
    n INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    live INTEGER NOT NULL,
    status TEXT NOT NULL,
    event_type TEXT,
    sub_event_type TEXT,
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    wide INTEGER NOT NULL,
    country TEXT,
    admin1 TEXT,
    latitude REAL,
    longitude REAL,
    deaths INTEGER NOT NULL,
    confidence REAL NOT NULL,
    updated INTEGER NOT NULL
) STRICT;
CREATE INDEX incident_day ON incident (first_day, n) WHERE live;
CREATE INDEX incident_wide ON incident (last_day) WHERE live AND wide;
CREATE INDEX incident_country ON incident (country, first_day, n) WHERE live;
CREATE INDEX incident_admin1 ON incident (admin1, first_day, n) WHERE live;
CREATE INDEX incident_type ON incident (event_type, first_day, n) WHERE live;
CREATE INDEX incident_sub_type ON incident (sub_event_type, first_day, n) WHERE live;
CREATE INDEX incident_status ON incident (status, first_day, n) WHERE live;
CREATE INDEX incident_deaths ON incident (deaths, n) WHERE live;
CREATE INDEX incident_updated ON incident (updated, n);

-- Apart, so that what is filtered stays small.
CREATE TABLE incident_document (
    n INTEGER PRIMARY KEY,
    document TEXT NOT NULL
) STRICT;
CREATE TABLE incident_actor (
    actor TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (actor, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX incident_actor_of ON incident_actor (n);
CREATE TABLE incident_source (
    source TEXT NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (source, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX incident_source_of ON incident_source (n);
CREATE VIRTUAL TABLE incident_box USING rtree (n, south, north, west, east);
CREATE VIRTUAL TABLE incident_words USING fts5 (
    words, content = '', contentless_delete = 1, tokenize = 'porter ascii'
);

INSERT INTO head VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');
