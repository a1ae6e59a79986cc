-- What was spent on an origin of customers from a day to a day; `amount` is CNY scaled by 10^4.
CREATE TABLE insight_spending (
    id TEXT PRIMARY KEY,
    split TEXT NOT NULL,
    origin TEXT NOT NULL,
    starts_on BIGINT NOT NULL,
    ends_on BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    note TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT NOT NULL
);
CREATE INDEX insight_spending_days ON insight_spending (starts_on, ends_on);
-- The bank's own rules of the steps of acquisition, a JSON object; no row: those of Qiao.
CREATE TABLE insight_acquisition_steps (
    id TEXT PRIMARY KEY,
    rules TEXT NOT NULL,
    version BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT NOT NULL
);
