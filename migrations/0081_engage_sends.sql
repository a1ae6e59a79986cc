CREATE TABLE engage_sends (
    send_key TEXT PRIMARY KEY,
    campaign TEXT NOT NULL,
    profile TEXT NOT NULL,
    channel TEXT NOT NULL,
    kind TEXT NOT NULL,
    token TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    tries BIGINT NOT NULL,
    provider_message_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX engage_sends_due ON engage_sends (channel, due_at) WHERE state = 'queued';
CREATE INDEX engage_sends_attempting ON engage_sends (channel) WHERE state = 'attempting';
CREATE INDEX engage_sends_by_provider_id ON engage_sends (channel, provider_message_id)
    WHERE provider_message_id <> '';
CREATE INDEX engage_sends_by_time ON engage_sends (channel, updated_at);
-- Receipts that came before the answer that names their send.
CREATE TABLE engage_early_receipts (
    channel TEXT NOT NULL,
    provider_message_id TEXT NOT NULL,
    what TEXT NOT NULL,
    reason TEXT NOT NULL,
    at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    PRIMARY KEY (channel, provider_message_id, what)
);
CREATE TABLE engage_links (
    id TEXT PRIMARY KEY,
    campaign TEXT NOT NULL,
    url TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
