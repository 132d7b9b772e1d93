-- Layout 2. What the linker keeps of each report, apart and not in the dump: it can be made anew from the report.
ALTER TABLE report DROP COLUMN signature;
CREATE TABLE linking (
    n BIGINT PRIMARY KEY,
    told BYTEA NOT NULL
);
CREATE INDEX incident_gone ON incident (n) WHERE NOT live;
