CREATE TABLE collect_imports (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    format TEXT NOT NULL,
    at BIGINT NOT NULL,
    by_id TEXT NOT NULL,
    by_name TEXT NOT NULL,
    status TEXT NOT NULL,
    message TEXT NOT NULL,
    total BIGINT NOT NULL,
    accepted BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    job_id TEXT NOT NULL,
    content_key TEXT NOT NULL,
    mapping TEXT NOT NULL
);
CREATE INDEX collect_imports_by_content ON collect_imports (content_key);

CREATE TABLE collect_import_errors (
    import TEXT NOT NULL,
    seq BIGINT NOT NULL,
    line BIGINT NOT NULL,
    field TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (import, seq)
);
