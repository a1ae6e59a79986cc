-- A product is defined by its events: `definition` is the JSON of uses, transactions, value, effective and steps.
CREATE TABLE insight_products (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    name_zh TEXT NOT NULL,
    name_en TEXT NOT NULL,
    definition TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT NOT NULL
);

-- What a unit of the organisation is to reach in a unit of time; `amount` is scaled by 10^4.
CREATE TABLE insight_targets (
    product TEXT NOT NULL,
    org TEXT NOT NULL,
    measure TEXT NOT NULL,
    per TEXT NOT NULL,
    starts_on BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    set_at BIGINT NOT NULL,
    set_by TEXT NOT NULL,
    set_by_name TEXT NOT NULL,
    PRIMARY KEY (product, org, measure, per, starts_on)
);
