-- What a transaction tells the world outside SQL. A key stays for ever, so that nothing is told twice;
-- `bytes` (hex) is emptied once it was told.
CREATE TABLE sql_outbox (
    seq BIGINT PRIMARY KEY,
    queue TEXT NOT NULL,
    key TEXT NOT NULL,
    bytes TEXT NOT NULL,
    done BIGINT NOT NULL,
    UNIQUE (queue, key)
);
CREATE INDEX sql_outbox_waiting ON sql_outbox (queue, seq) WHERE done = 0;
