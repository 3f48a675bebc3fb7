-- +goose Up

-- A walk through the consents that have to be renewed, one after the other. Its turns stand in the order in
-- which they come; what became of each is read from the consents, but for what the person alone knows.
CREATE TABLE renewal_round (
    id       TEXT PRIMARY KEY,
    begun_at TEXT NOT NULL,
    ended_at TEXT NOT NULL DEFAULT '' -- the person ended it, or another began after its end
) STRICT, WITHOUT ROWID;

CREATE TABLE renewal_turn (
    round_id   TEXT NOT NULL REFERENCES renewal_round ON DELETE CASCADE,
    place      INTEGER NOT NULL,
    consent_id TEXT NOT NULL REFERENCES consent ON DELETE CASCADE,
    asked_id   TEXT NOT NULL DEFAULT '', -- the consent that was asked for in its place
    reason     TEXT NOT NULL DEFAULT '', -- why the bank was asked in vain
    passed_at  TEXT NOT NULL DEFAULT '', -- the person went on without it
    PRIMARY KEY (round_id, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX renewal_turn_consent ON renewal_turn (consent_id);

-- What a directory said otherwise than when it was read before. left_out counts what there was no room for.
CREATE TABLE directory_reading (
    id             INTEGER PRIMARY KEY,
    environment_id TEXT NOT NULL REFERENCES environment ON DELETE CASCADE,
    since          TEXT NOT NULL, -- when it was read before
    at             TEXT NOT NULL,
    left_out       INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX directory_reading_environment ON directory_reading (environment_id, at);

CREATE TABLE directory_change (
    reading_id INTEGER NOT NULL REFERENCES directory_reading ON DELETE CASCADE,
    place      INTEGER NOT NULL,
    kind       TEXT NOT NULL CHECK (kind IN ('new', 'gone', 'renamed', 'products', 'approaches')),
    bic        TEXT NOT NULL,
    name       TEXT NOT NULL,            -- of the bank, as it is called now or was last
    before     TEXT NOT NULL DEFAULT '', -- its former name; JSON lists for products and approaches
    after      TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (reading_id, place)
) STRICT, WITHOUT ROWID;

-- A bank that its directory lists no longer and that a consent was asked of stays known, but is not listed.
ALTER TABLE aspsp ADD COLUMN gone_at TEXT NOT NULL DEFAULT '';
