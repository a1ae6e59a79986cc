-- Roles that may change a board.
ALTER TABLE insight_boards ADD COLUMN edited_by TEXT NOT NULL DEFAULT '';
