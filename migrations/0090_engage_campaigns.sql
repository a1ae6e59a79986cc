-- `draft` is JSON as in the API; what is asked for by column has a column of its own.
CREATE TABLE engage_campaigns (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    draft TEXT NOT NULL,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    org TEXT NOT NULL,
    author TEXT NOT NULL,
    author_name TEXT NOT NULL,
    last_editor TEXT NOT NULL,
    last_editor_name TEXT NOT NULL,
    submitted_by TEXT NOT NULL,
    approved_by TEXT NOT NULL,
    reject_reason TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    launched_at BIGINT,
    ended_at BIGINT,
    last_run TEXT NOT NULL,
    planned BIGINT NOT NULL
);
CREATE INDEX engage_campaigns_by_state ON engage_campaigns (state);
