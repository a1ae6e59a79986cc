CREATE TABLE audience_audiences (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    rule TEXT NOT NULL,
    refresh TEXT NOT NULL,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT NOT NULL
);

CREATE TABLE audience_versions (
    audience TEXT NOT NULL,
    version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    by_id TEXT NOT NULL,
    by_name TEXT NOT NULL,
    change TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    rule TEXT NOT NULL,
    refresh TEXT NOT NULL,
    state TEXT NOT NULL,
    PRIMARY KEY (audience, version)
);

CREATE TABLE audience_references (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    audience TEXT NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (kind, id, audience)
);
CREATE INDEX audience_references_by_audience ON audience_references (audience);

CREATE TABLE audience_counts (
    audience TEXT NOT NULL,
    at BIGINT NOT NULL,
    count BIGINT NOT NULL,
    total BIGINT NOT NULL,
    PRIMARY KEY (audience, at)
);
