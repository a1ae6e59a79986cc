-- Where a person is told by e-mail of what needs them; empty: only in the console.
ALTER TABLE access_people ADD COLUMN email TEXT NOT NULL DEFAULT '';
