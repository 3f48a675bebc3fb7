-- +goose Up

-- Flows that a person began in the middle of another. What was exchanged in them is in exchange, like all.
CREATE TABLE fork (
    flow_id        TEXT PRIMARY KEY,
    origin         TEXT NOT NULL,    -- the flow it was forked from; may be a fork, too
    root           TEXT NOT NULL,    -- the flow that is none, in which it all began
    exchange_id    INTEGER NOT NULL, -- of the origin, where it was forked; may be kept no more
    step           TEXT NOT NULL,    -- what that was for
    done           INTEGER NOT NULL, -- the last exchange of the origin that was sent anew or skipped
    skipped        INTEGER NOT NULL DEFAULT 0,
    environment_id TEXT NOT NULL REFERENCES environment ON DELETE CASCADE,
    bic            TEXT NOT NULL,
    began_at       TEXT NOT NULL,
    stopped_at     TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;
CREATE INDEX fork_origin ON fork (origin, began_at);
CREATE INDEX fork_root ON fork (root);
CREATE INDEX fork_environment ON fork (environment_id);

-- Consents and payments that a request sent by hand made at a bank. They are there alone: the program lists them
-- as such until it has seen that they are over.
CREATE TABLE handmade (
    id             INTEGER PRIMARY KEY,
    kind           TEXT NOT NULL,    -- consent or payment
    flow_id        TEXT NOT NULL,    -- in which it was asked for
    exchange_id    INTEGER NOT NULL, -- which asked for it; may be kept no more
    environment_id TEXT NOT NULL REFERENCES environment ON DELETE CASCADE,
    bic            TEXT NOT NULL,
    bank_name      TEXT NOT NULL,
    bank_id        TEXT NOT NULL,    -- what the bank calls it
    status         TEXT NOT NULL,    -- as the bank said last
    per_day        INTEGER NOT NULL, -- how often a consent may be read without the person
    made_at        TEXT NOT NULL,
    over_at        TEXT NOT NULL DEFAULT '',
    UNIQUE (environment_id, bic, kind, bank_id)
) STRICT;

-- The reads under such a consent, entered before they are sent.
CREATE TABLE handmade_read (
    handmade_id INTEGER NOT NULL REFERENCES handmade ON DELETE CASCADE,
    at          TEXT NOT NULL,
    what        TEXT NOT NULL, -- endpoint and digest of the account's name
    attended    INTEGER NOT NULL,
    request_id  TEXT NOT NULL
) STRICT;
CREATE INDEX handmade_read_of ON handmade_read (handmade_id, what, at);
