-- Queries in SQL that people keep, and those that they asked.
CREATE TABLE insight_sql_queries (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    text TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX insight_sql_queries_of ON insight_sql_queries (owner, name);

CREATE TABLE insight_sql_runs (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    text TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    row_count BIGINT NOT NULL,
    elapsed_ms BIGINT NOT NULL,
    started_at BIGINT NOT NULL
);
CREATE INDEX insight_sql_runs_of ON insight_sql_runs (owner, started_at);
