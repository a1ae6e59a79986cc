CREATE TABLE work_items (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    why TEXT NOT NULL,
    figures TEXT NOT NULL,
    link TEXT NOT NULL,
    subject TEXT NOT NULL,
    org TEXT NOT NULL,
    assignee TEXT NOT NULL,
    is_done BIGINT NOT NULL,
    note TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT NOT NULL
);
CREATE INDEX work_items_open ON work_items (is_done, assignee);
CREATE INDEX work_items_subject ON work_items (subject);

CREATE TABLE work_notices (
    id TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    figures TEXT NOT NULL,
    link TEXT NOT NULL,
    at BIGINT NOT NULL,
    is_read BIGINT NOT NULL,
    mail TEXT NOT NULL,
    mail_tries BIGINT NOT NULL,
    org TEXT NOT NULL
);
CREATE INDEX work_notices_person ON work_notices (person, is_read);
CREATE INDEX work_notices_mail ON work_notices (mail);
