-- What the server itself remembers between starts, by name.
CREATE TABLE app_state (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
