-- +goose Up

-- What a person wrote of a transaction. It goes where the transaction goes (see storage/note.go): nothing that has a
-- note can be removed before it is said what becomes of that.
CREATE TABLE note (
    entry_id   INTEGER PRIMARY KEY REFERENCES entry,
    text       TEXT NOT NULL,
    tags       TEXT NOT NULL, -- as they were written, a blank between two
    written_at TEXT NOT NULL  -- when it was first written
) STRICT;

-- Notes on pending transactions that are gone, with what the bank said of these.
CREATE TABLE note_left (
    id               INTEGER PRIMARY KEY,
    account_id       INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    text             TEXT NOT NULL,
    tags             TEXT NOT NULL,
    written_at       TEXT NOT NULL,
    left_at          TEXT NOT NULL,
    transaction_id   TEXT NOT NULL,
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
    first_seen_at    TEXT NOT NULL
) STRICT;
CREATE INDEX note_left_account ON note_left (account_id);

-- The tags that transactions of an account have.
CREATE TABLE tag (
    account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    tag        TEXT NOT NULL, -- folded: what makes it one tag, see storage/tag.go
    name       TEXT NOT NULL, -- as it was written last
    uses       INTEGER NOT NULL,
    PRIMARY KEY (account_id, tag)
) STRICT, WITHOUT ROWID;

-- Searches that are kept under a name, as what was typed and chosen for them.
CREATE TABLE saved_search (
    id         INTEGER PRIMARY KEY,
    name       TEXT NOT NULL,
    chosen     TEXT NOT NULL, -- by the names of fields, without the account: JSON
    account_id INTEGER REFERENCES account ON DELETE CASCADE -- NULL: all accounts
) STRICT;
CREATE INDEX saved_search_account ON saved_search (account_id);

-- Transactions that came and were not shown yet.
CREATE TABLE arrival (
    entry_id   INTEGER PRIMARY KEY REFERENCES entry ON DELETE CASCADE,
    account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE
) STRICT;
CREATE INDEX arrival_account ON arrival (account_id);

-- Names a person gave to those at the other end of transactions, by what a bank says of them: an account
-- number, or the beginning of a name.
CREATE TABLE own_name (
    id         INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE, -- of the transaction it was given on
    name       TEXT NOT NULL,
    number     TEXT NOT NULL, -- as the bank writes it; empty: by name
    begins     TEXT NOT NULL  -- empty: by number
) STRICT;
CREATE INDEX own_name_account ON own_name (account_id);
