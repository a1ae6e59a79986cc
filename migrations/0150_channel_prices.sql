-- What a message over a channel costs from a day on; `amount` is CNY scaled by 10^4.
CREATE TABLE channel_prices (
    id TEXT PRIMARY KEY,
    channel TEXT NOT NULL,
    amount BIGINT NOT NULL,
    valid_from BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    UNIQUE (channel, valid_from)
);
