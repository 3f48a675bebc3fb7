-- +goose Up

-- What people, and profiles that came with a file, say of how a bank does things. What was learned of it is
-- read from the exchanges each time.
CREATE TABLE quirk (
    environment_id TEXT NOT NULL REFERENCES environment ON DELETE CASCADE,
    bic            TEXT NOT NULL,
    kind           TEXT NOT NULL, -- as app/quirk names it
    source         TEXT NOT NULL CHECK (source IN ('hand', 'profile')),
    value          TEXT NOT NULL, -- of those of the kind; several with a blank between
    note           TEXT NOT NULL DEFAULT '',
    file           TEXT NOT NULL DEFAULT '', -- the profile's
    times          INTEGER NOT NULL DEFAULT 0, -- how often it was seen where the profile was made
    by_hand        INTEGER NOT NULL DEFAULT 0, -- a person said it, here or there
    at             TEXT NOT NULL,
    PRIMARY KEY (environment_id, bic, kind, source)
) STRICT, WITHOUT ROWID;
