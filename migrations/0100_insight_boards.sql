CREATE TABLE insight_boards (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    tiles TEXT NOT NULL,
    shared_with TEXT NOT NULL,
    is_ready_made BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT NOT NULL
);

CREATE TABLE insight_seeded (
    name TEXT PRIMARY KEY,
    at BIGINT NOT NULL
);
