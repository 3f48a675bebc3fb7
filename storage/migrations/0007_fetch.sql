-- +goose Up

-- What a fetch could not read is known as not read, and entries are told apart
-- while they come page by page.

-- Days of an account that were asked for and are not read. Those of one account
-- do not overlap.
CREATE TABLE gap (
    id         INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    since      TEXT NOT NULL, -- ISO dates, both included
    until      TEXT NOT NULL,
    reason     TEXT NOT NULL,
    noted_at   TEXT NOT NULL
) STRICT;
CREATE INDEX gap_account ON gap (account_id, until);

-- Why parts of an account could not be read at the last fetch.
CREATE TABLE fetch_failure (
    account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    part       TEXT NOT NULL, -- account, balances, transactions or pending
    kind       TEXT NOT NULL,
    status     INTEGER NOT NULL, -- of the bank's answer; 0: there was none
    code       TEXT NOT NULL,
    detail     TEXT NOT NULL, -- the technical side
    at         TEXT NOT NULL,
    PRIMARY KEY (account_id, part)
) STRICT, WITHOUT ROWID;

-- Entries a bank sent that could not be read.
CREATE TABLE left_out (
    account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    digest     BLOB NOT NULL, -- of what came, so that it counts once
    reason     TEXT NOT NULL,
    raw        TEXT NOT NULL, -- as it came, or its beginning
    since      TEXT NOT NULL, -- the first day it may belong to
    seen       INTEGER NOT NULL, -- see account.reading
    PRIMARY KEY (account_id, digest)
) STRICT, WITHOUT ROWID;

-- Each reading of an account's transactions has a number, and an entry that of
-- the last reading in which it came: of equal entries that come, each takes one
-- that is stored, whatever page it stands on.
ALTER TABLE account ADD COLUMN reading INTEGER NOT NULL DEFAULT 0;
ALTER TABLE entry ADD COLUMN seen INTEGER NOT NULL DEFAULT 0;
CREATE INDEX entry_transaction ON entry (account_id, transaction_id) WHERE pending = 0 AND transaction_id <> '';
