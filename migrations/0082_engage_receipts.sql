-- An attempt of it was never answered, so that it may have left although it waits for another.
ALTER TABLE engage_sends ADD COLUMN maybe_left BIGINT NOT NULL DEFAULT 0;
-- A receipt names its send by the provider's id or by the send key.
ALTER TABLE engage_early_receipts RENAME COLUMN provider_message_id TO reference;
