-- +goose Up

-- From which exchange one was sent again. It goes with the exchange; the former may be kept no more.
CREATE TABLE exchange_former (
    exchange_id INTEGER PRIMARY KEY REFERENCES exchange ON DELETE CASCADE,
    former_id   INTEGER NOT NULL
) STRICT;

-- When the connection of an environment was last checked, which version of it, and how that went.
CREATE TABLE environment_check (
    environment_id TEXT PRIMARY KEY REFERENCES environment ON DELETE CASCADE,
    at             TEXT NOT NULL,
    version        TEXT NOT NULL,
    failed         TEXT NOT NULL DEFAULT '',
    unclear        INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
