CREATE TABLE insight_annotations (
    id TEXT PRIMARY KEY,
    day BIGINT NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT NOT NULL
);
CREATE INDEX insight_annotations_day ON insight_annotations (day);
