-- How long facts are kept is said in months; what was said in days is rounded up.
INSERT INTO access_settings (key, value, version, updated_at, updated_by)
SELECT 'history_months', CAST((CAST(value AS BIGINT) + 29) / 30 AS TEXT), version, updated_at, updated_by
FROM access_settings
WHERE key = 'retention_days' AND value <> '' AND NOT EXISTS (
    SELECT 1 FROM access_settings WHERE key = 'history_months');
