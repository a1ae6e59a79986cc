CREATE TABLE dictionary_definitions (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    meaning TEXT NOT NULL,
    owner TEXT NOT NULL,
    source TEXT NOT NULL,
    update_frequency TEXT NOT NULL,
    remarks TEXT NOT NULL,
    example TEXT NOT NULL,
    unit TEXT NOT NULL,
    type TEXT NOT NULL,
    data_class TEXT NOT NULL,
    status TEXT NOT NULL,
    identity_kind TEXT NOT NULL,
    tag_kind TEXT NOT NULL,
    definition TEXT NOT NULL,
    refresh TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (kind, name)
);

CREATE TABLE dictionary_usage (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    first_seen_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    total BIGINT NOT NULL,
    PRIMARY KEY (kind, name)
);

CREATE TABLE dictionary_volume (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    day BIGINT NOT NULL,
    total BIGINT NOT NULL,
    PRIMARY KEY (kind, name, day)
);

CREATE TABLE dictionary_presence (
    event TEXT NOT NULL,
    property TEXT NOT NULL,
    total BIGINT NOT NULL,
    PRIMARY KEY (event, property)
);

CREATE TABLE dictionary_values (
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    total BIGINT NOT NULL,
    PRIMARY KEY (kind, name, value)
);
