CREATE TABLE access_people (
    id TEXT PRIMARY KEY,
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    org TEXT NOT NULL,
    active BIGINT NOT NULL,
    language TEXT NOT NULL,
    password TEXT,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    last_sign_in_at BIGINT
);
CREATE TABLE access_sessions (
    token_hash TEXT PRIMARY KEY,
    person TEXT NOT NULL REFERENCES access_people (id),
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    by_link BIGINT NOT NULL
);
CREATE INDEX access_sessions_person ON access_sessions (person);
CREATE TABLE access_links (
    token_hash TEXT PRIMARY KEY,
    person TEXT NOT NULL REFERENCES access_people (id),
    expires_at BIGINT NOT NULL
);
CREATE TABLE access_tries (
    login_hash TEXT PRIMARY KEY,
    wrong BIGINT NOT NULL,
    window_start BIGINT NOT NULL,
    locks BIGINT NOT NULL,
    locked_until BIGINT NOT NULL,
    last_at BIGINT NOT NULL
);
CREATE TABLE access_tokens (
    id TEXT PRIMARY KEY,
    secret_hash TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    org TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    last_used_at BIGINT,
    version BIGINT NOT NULL
);
CREATE TABLE access_orgs (
    code TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    parent TEXT NOT NULL,
    kind TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    created_by TEXT NOT NULL
);
CREATE TABLE access_write_keys (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    value TEXT NOT NULL UNIQUE,
    active BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    created_by TEXT NOT NULL
);
CREATE TABLE access_settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    version BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT NOT NULL
);
CREATE TABLE access_audit (
    seq BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    who TEXT NOT NULL,
    who_name TEXT NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    summary TEXT NOT NULL,
    why TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX access_audit_who ON access_audit (who, seq);
CREATE INDEX access_audit_action ON access_audit (action, seq);
CREATE INDEX access_audit_object ON access_audit (object, seq);
