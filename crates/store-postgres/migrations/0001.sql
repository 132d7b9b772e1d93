-- Layout 1. A file of this folder is never changed once it was released: a new layout is a new file. Text is compared
-- byte by byte (`"C"`), as the cursors of pages are.

-- Words are stemmed as English and none is left out ("IS" is a name in these reports). What is given to it is folded to plain
-- letters already.
CREATE TEXT SEARCH DICTIONARY watchpost_stem (TEMPLATE = snowball, Language = english);
CREATE TEXT SEARCH CONFIGURATION watchpost (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION watchpost
    ALTER MAPPING FOR asciiword, word, numword WITH watchpost_stem;

-- The log. `body` is the decision as JSON, letter by letter what `hash` is over.
CREATE TABLE decision (
    seq BIGINT PRIMARY KEY,
    body TEXT NOT NULL,
    hash TEXT NOT NULL
);

-- The end of the log as it was written; who writes holds its row.
CREATE TABLE head (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL
);

-- What decisions are about: `i:` incident, `r:` report, `rule`. Derived from the log.
CREATE TABLE subject (
    subject TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL,
    PRIMARY KEY (subject, seq)
);

-- Reports. `text` and `coded` are zstd; `published` is an ISO day or empty; `copy_of` is derived from the log.
CREATE TABLE report (
    n BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    text_sha256 TEXT COLLATE "C" NOT NULL,
    coded_sha256 TEXT NOT NULL,
    url TEXT,
    given_id TEXT,
    title TEXT,
    publisher TEXT,
    publisher_key TEXT COLLATE "C",
    language TEXT,
    published TEXT COLLATE "C" NOT NULL,
    fetched TEXT,
    source TEXT,
    headers TEXT NOT NULL,
    signature TEXT NOT NULL,
    copy_of TEXT COLLATE "C",
    text BYTEA NOT NULL,
    coded BYTEA NOT NULL,
    words TSVECTOR NOT NULL
);
CREATE INDEX report_text ON report (text_sha256, n);
CREATE INDEX report_published ON report (published, n);
CREATE INDEX report_publisher ON report (publisher_key, published, n);
CREATE INDEX report_copy ON report (copy_of) WHERE copy_of IS NOT NULL;
CREATE INDEX report_words ON report USING gin (words);

-- The events of reports. `home` is the incident that the event was linked to, derived from the log; `telling` is what
-- the incident is made of.
CREATE TABLE event (
    report TEXT COLLATE "C" NOT NULL,
    event TEXT COLLATE "C" NOT NULL,
    place BIGINT NOT NULL,
    home TEXT COLLATE "C",
    telling TEXT NOT NULL,
    PRIMARY KEY (report, event)
);

-- Incidents as the log and the reports give them: all that follows is derived.
CREATE TABLE incident (
    n BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id TEXT COLLATE "C" NOT NULL UNIQUE,
    live BOOLEAN NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    event_type TEXT COLLATE "C",
    sub_event_type TEXT COLLATE "C",
    first_day TEXT COLLATE "C" NOT NULL,
    last_day TEXT COLLATE "C" NOT NULL,
    wide BOOLEAN NOT NULL,
    country TEXT COLLATE "C",
    admin1 TEXT COLLATE "C",
    latitude DOUBLE PRECISION,
    longitude DOUBLE PRECISION,
    deaths BIGINT NOT NULL,
    confidence DOUBLE PRECISION NOT NULL,
    updated BIGINT NOT NULL,
    words TSVECTOR NOT NULL
);
CREATE INDEX incident_day ON incident (first_day, n) WHERE live;
CREATE INDEX incident_wide ON incident (last_day) WHERE live AND wide;
CREATE INDEX incident_country ON incident (country, first_day, n) WHERE live;
CREATE INDEX incident_admin1 ON incident (admin1, first_day, n) WHERE live;
CREATE INDEX incident_type ON incident (event_type, first_day, n) WHERE live;
CREATE INDEX incident_sub_type ON incident (sub_event_type, first_day, n) WHERE live;
CREATE INDEX incident_status ON incident (status, first_day, n) WHERE live;
CREATE INDEX incident_deaths ON incident (deaths, n) WHERE live;
CREATE INDEX incident_updated ON incident (updated, n);
CREATE INDEX incident_point ON incident USING gist (point(longitude, latitude)) WHERE live;
CREATE INDEX incident_words ON incident USING gin (words);

CREATE TABLE incident_document (
    n BIGINT PRIMARY KEY,
    document TEXT NOT NULL
);
CREATE TABLE incident_actor (
    actor TEXT COLLATE "C" NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (actor, n)
);
CREATE INDEX incident_actor_of ON incident_actor (n);
CREATE TABLE incident_source (
    source TEXT COLLATE "C" NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (source, n)
);
CREATE INDEX incident_source_of ON incident_source (n);

INSERT INTO head VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');
