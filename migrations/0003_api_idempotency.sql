-- Answers kept for repeats of a request with the same Idempotency-Key. `answer` is sealed with a key that
-- is derived from the Idempotency-Key itself, of which only a hash is kept; empty while it is unknown.
CREATE TABLE api_idempotency (
    id TEXT PRIMARY KEY,
    body_hash TEXT NOT NULL,
    answer TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX api_idempotency_age ON api_idempotency (created_at);
