CREATE TABLE insight_alerts (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    metric TEXT NOT NULL,
    rule TEXT NOT NULL,
    minute BIGINT NOT NULL,
    recipients TEXT NOT NULL,
    assignee TEXT NOT NULL,
    opens_item BIGINT NOT NULL,
    active BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT NOT NULL,
    org TEXT NOT NULL,
    state BIGINT NOT NULL,
    since BIGINT,
    acknowledged_by TEXT NOT NULL,
    checked_unit BIGINT,
    checked_at BIGINT,
    problem TEXT NOT NULL
);

-- Numbers are decimals scaled by 10^4.
CREATE TABLE insight_alert_checks (
    alert TEXT NOT NULL,
    unit BIGINT NOT NULL,
    value BIGINT,
    low BIGINT,
    high BIGINT,
    is_known BIGINT NOT NULL,
    is_out BIGINT NOT NULL,
    PRIMARY KEY (alert, unit)
);
