-- Fixed audiences: what was asked, and how far the facts that keep their people have come.
-- `question` is JSON; `status` is filling, done, failed or cancelled; `last` is the last person
-- that has been written.
CREATE TABLE audience_fixed (
    audience TEXT PRIMARY KEY,
    at BIGINT NOT NULL,
    question TEXT NOT NULL,
    people BIGINT NOT NULL,
    done BIGINT NOT NULL,
    last TEXT NOT NULL,
    status TEXT NOT NULL,
    message TEXT NOT NULL
);
