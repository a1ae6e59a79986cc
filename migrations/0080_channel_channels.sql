-- `settings` is JSON without secrets; `sealed` is the sealed JSON of the secrets.
CREATE TABLE channel_channels (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    settings TEXT NOT NULL,
    secret_names TEXT NOT NULL,
    sealed TEXT NOT NULL,
    rate_per_s DOUBLE PRECISION NOT NULL,
    active BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    created_by TEXT NOT NULL
);
-- `sealed` holds title, body and link.
CREATE TABLE channel_inbox_messages (
    send_key TEXT PRIMARY KEY,
    profile TEXT NOT NULL,
    campaign TEXT NOT NULL,
    sealed TEXT NOT NULL,
    at BIGINT NOT NULL,
    read_at BIGINT
);
CREATE INDEX channel_inbox_by_profile ON channel_inbox_messages (profile, at);
-- One row: the first channel has been made, and may have been removed since.
CREATE TABLE channel_started (at BIGINT NOT NULL);
