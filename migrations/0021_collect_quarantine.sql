CREATE TABLE collect_quarantine (
    id TEXT PRIMARY KEY,
    repeat_key TEXT NOT NULL UNIQUE,
    at BIGINT NOT NULL,
    source TEXT NOT NULL,
    source_name TEXT NOT NULL,
    protocol TEXT NOT NULL,
    reason TEXT NOT NULL,
    detail TEXT NOT NULL,
    pointer TEXT NOT NULL,
    name TEXT NOT NULL,
    message_id TEXT NOT NULL,
    record TEXT NOT NULL,
    shared TEXT NOT NULL,
    status TEXT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT NOT NULL
);
CREATE INDEX collect_quarantine_by_status ON collect_quarantine (status, reason, id);
