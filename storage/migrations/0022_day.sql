-- +goose Up

-- An entry's id holds the day it is listed under, and its place among those of the day (see
-- storage/day.go). What is stored is carried over by the next migration, day by day, as there
-- may be very much of it.
ALTER TABLE entry RENAME TO entry_before;
CREATE TABLE carried (pending INTEGER NOT NULL, date TEXT NOT NULL, id INTEGER NOT NULL) STRICT; -- the last that was
INSERT INTO carried VALUES (0, '', 0);

-- Booked entries stay for ever; pending ones are a snapshot of the last fetch.
CREATE TABLE entry (
    id               INTEGER PRIMARY KEY,
    account_id       INTEGER NOT NULL, -- of an account that is erased, until the last of them is removed
    pending          INTEGER NOT NULL,
    content          INTEGER NOT NULL, -- digest of what tells it apart, without the bank's ids
    said             INTEGER NOT NULL, -- digest of all the bank says of it
    transaction_id   TEXT NOT NULL,
    entry_reference  TEXT NOT NULL,
    end_to_end_id    TEXT NOT NULL,
    booking_date     TEXT NOT NULL,
    value_date       TEXT NOT NULL,
    amount           TEXT NOT NULL,
    currency         TEXT NOT NULL,
    creditor_name    TEXT NOT NULL,
    creditor_account TEXT NOT NULL,
    debtor_name      TEXT NOT NULL,
    debtor_account   TEXT NOT NULL,
    remittance       TEXT NOT NULL,
    additional       TEXT NOT NULL,
    bank_code        TEXT NOT NULL,
    inferred         INTEGER NOT NULL,
    first_seen_at    TEXT NOT NULL,
    changed_at       TEXT NOT NULL DEFAULT '', -- when the bank was last seen to say something else of it
    missed_at        TEXT NOT NULL DEFAULT '', -- when the bank first did not list it, though it lists it no more since
    dropped_at       TEXT NOT NULL DEFAULT '', -- when that was so once more: it counts in no sum then
    raw              TEXT NOT NULL
) STRICT;
CREATE INDEX entry_account ON entry (account_id, pending); -- and by id, as all indices are

-- What a bank said of an entry before it said something else.
CREATE TABLE entry_change (
    entry_id         INTEGER NOT NULL REFERENCES entry ON DELETE CASCADE,
    at               TEXT NOT NULL,
    creditor_name    TEXT NOT NULL,
    creditor_account TEXT NOT NULL,
    debtor_name      TEXT NOT NULL,
    debtor_account   TEXT NOT NULL,
    remittance       TEXT NOT NULL,
    additional       TEXT NOT NULL,
    raw              TEXT NOT NULL,
    PRIMARY KEY (entry_id, at)
) STRICT, WITHOUT ROWID;

-- Accounts that were erased, whose entries are still being removed. Their ids are not given anew.
CREATE TABLE erasing (account_id INTEGER PRIMARY KEY) STRICT;

-- What booked entries add up to.
CREATE TABLE day_sum (
    account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    day        INTEGER NOT NULL,
    currency   TEXT NOT NULL,
    money_in   TEXT NOT NULL,
    money_out  TEXT NOT NULL,
    entries    INTEGER NOT NULL,
    PRIMARY KEY (account_id, day, currency)
) STRICT, WITHOUT ROWID;

-- Whom money went to from an account, each once, however often.
CREATE TABLE payee (
    account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    number     TEXT NOT NULL, -- of the account it went to
    name       TEXT NOT NULL,
    PRIMARY KEY (account_id, number, name)
) STRICT, WITHOUT ROWID;

-- The words of letters alone that entries of an account hold, or held: what begins alike is found here.
CREATE TABLE word (
    word       TEXT NOT NULL,
    account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    PRIMARY KEY (word, account_id)
) STRICT, WITHOUT ROWID;

-- The words by which entries are found, see storage/entry_text.go.
CREATE VIRTUAL TABLE entry_text USING fts5 (words, content = '', columnsize = 0, detail = none, tokenize = 'ascii');
INSERT INTO entry_text (entry_text, rank) VALUES ('secure-delete', 1);
