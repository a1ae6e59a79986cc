CREATE TABLE audience_runs (
    subject TEXT PRIMARY KEY,
    run BIGINT NOT NULL,
    version BIGINT NOT NULL,
    finished_at BIGINT NOT NULL
);

CREATE TABLE audience_publications (
    subject TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    version BIGINT NOT NULL,
    config_version BIGINT NOT NULL,
    frozen TEXT NOT NULL,
    stage TEXT NOT NULL
);

CREATE TABLE audience_config (
    name TEXT PRIMARY KEY,
    value BIGINT NOT NULL
);

INSERT INTO audience_config (name, value) VALUES ('config_version', 0);
