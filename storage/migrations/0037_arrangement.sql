-- +goose Up

-- How a person has an account shown, beside what its bank says of it.
ALTER TABLE account ADD COLUMN nickname TEXT NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN place INTEGER NOT NULL DEFAULT 0; -- among those of its bank; 0: none, behind those that have one
ALTER TABLE account ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN main_type TEXT NOT NULL DEFAULT ''; -- of the balance that is to stand for it; empty: by the rule

-- The credit line a bank says a card has; empty where it says none. It is known when the account is read again.
ALTER TABLE account ADD COLUMN credit_limit TEXT NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN credit_limit_currency TEXT NOT NULL DEFAULT '';

-- Where a bank's accounts stand among those of others. Banks without a place come behind those that have one.
CREATE TABLE bank_place (
    environment_id TEXT NOT NULL REFERENCES environment ON DELETE CASCADE,
    bic            TEXT NOT NULL,
    place          INTEGER NOT NULL,
    PRIMARY KEY (environment_id, bic)
) STRICT, WITHOUT ROWID;

-- How accounts were shown that were erased, for when they are read again. Nothing in it names one: digest is an HMAC of
-- its key under one that is sealed.
CREATE TABLE arrangement_left (
    id             INTEGER PRIMARY KEY,
    environment_id TEXT NOT NULL REFERENCES environment ON DELETE CASCADE,
    bic            TEXT NOT NULL,
    key_sealed     BLOB NOT NULL,
    digest         BLOB NOT NULL,
    place          INTEGER NOT NULL,
    hidden         INTEGER NOT NULL,
    main_type      TEXT NOT NULL
) STRICT;
CREATE INDEX arrangement_left_bank ON arrangement_left (environment_id, bic);
