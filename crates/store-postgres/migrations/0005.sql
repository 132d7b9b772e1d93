-- Layout 5: who may do what at the desk, and what is looked at first there.

-- People are closed and never removed: the log names them. `document` is JSON.
CREATE TABLE account (
    name TEXT COLLATE "C" PRIMARY KEY,
    document TEXT NOT NULL
);

-- Sessions, tokens and one-time links, each by the hash of what only its holder knows. `expires` in seconds since 1970.
CREATE TABLE credential (
    hash TEXT COLLATE "C" PRIMARY KEY,
    account TEXT COLLATE "C" NOT NULL,
    expires BIGINT NOT NULL,
    document TEXT NOT NULL
);
CREATE INDEX credential_account ON credential (account);
CREATE INDEX credential_expires ON credential (expires);

-- Requests that were done, by the names that their senders gave them.
CREATE TABLE request (
    key TEXT COLLATE "C" PRIMARY KEY,
    at BIGINT NOT NULL,
    document TEXT NOT NULL
);
CREATE INDEX request_at ON request (at);

-- What was done at the desk and is no decision.
CREATE TABLE deed (
    n BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    document TEXT NOT NULL
);

-- The queue: what a look is worth, in the words of `store::sql`.
CREATE INDEX incident_worth ON incident (
    status, ((CAST((1.0 - confidence) * (1 + CASE WHEN deaths > 0 THEN deaths ELSE 0 END) * 1000000 AS BIGINT))), n
) WHERE live;
