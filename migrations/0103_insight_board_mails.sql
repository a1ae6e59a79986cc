-- Boards that go out by e-mail at fixed times.
CREATE TABLE insight_board_mails (
    id TEXT PRIMARY KEY,
    board TEXT NOT NULL,
    sender TEXT NOT NULL,
    recipients TEXT NOT NULL,
    every TEXT NOT NULL,
    at_minute BIGINT NOT NULL,
    is_active BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    last_at BIGINT,
    last_outcome TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX insight_board_mails_due ON insight_board_mails (is_active, next_at);
CREATE INDEX insight_board_mails_of ON insight_board_mails (board);
