-- +goose Up

-- What a person wants to be told of. It goes with the account it is about.
CREATE TABLE alert_rule (
    id           INTEGER PRIMARY KEY,
    kind         TEXT NOT NULL CHECK (kind IN ('balance', 'debit', 'income', 'bank', 'approval')),
    account_id   INTEGER REFERENCES account ON DELETE CASCADE, -- NULL: any, of a balance all together
    amount       TEXT NOT NULL DEFAULT '', -- the bound; of an income what it is as a rule
    currency     TEXT NOT NULL DEFAULT '',
    counterparty TEXT NOT NULL DEFAULT '', -- whom an income comes from, as counterparties are told apart
    name         TEXT NOT NULL DEFAULT '', -- and what a bank calls them
    failures     INTEGER NOT NULL DEFAULT 0, -- of a bank: so many reads in a row; 0: for a day
    since        TEXT NOT NULL, -- ISO date: what is dated before is not told
    made_at      TEXT NOT NULL
) STRICT;
CREATE INDEX alert_rule_account ON alert_rule (account_id);

-- How what a rule watches stood when it was judged last.
CREATE TABLE alert_state (
    rule_id INTEGER NOT NULL REFERENCES alert_rule ON DELETE CASCADE,
    about   TEXT NOT NULL, -- a consent's id, or what waits; empty: the balance
    since   TEXT NOT NULL,
    times   INTEGER NOT NULL, -- reads that failed in a row
    fired   INTEGER NOT NULL, -- it was told, and is not over yet
    PRIMARY KEY (rule_id, about)
) STRICT, WITHOUT ROWID;

-- Transactions that came and that a rule speaks of: whether they are new is known when the reading that
-- brought them has come to its end. They are noted in the write that stores the transaction.
CREATE TABLE alert_candidate (
    rule_id  INTEGER NOT NULL REFERENCES alert_rule ON DELETE CASCADE,
    entry_id INTEGER NOT NULL REFERENCES entry ON DELETE CASCADE,
    at       TEXT NOT NULL, -- when it came
    PRIMARY KEY (rule_id, entry_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_candidate_entry ON alert_candidate (entry_id);

-- What was told.
CREATE TABLE alert (
    id           INTEGER PRIMARY KEY,
    rule_id      INTEGER NOT NULL REFERENCES alert_rule ON DELETE CASCADE,
    account_id   INTEGER REFERENCES account ON DELETE CASCADE,
    entry_id     INTEGER REFERENCES entry ON DELETE SET NULL,
    consent_id   TEXT REFERENCES consent ON DELETE CASCADE,
    payment_id   TEXT REFERENCES payment ON DELETE CASCADE,
    at           TEXT NOT NULL,
    amount       TEXT NOT NULL DEFAULT '',
    currency     TEXT NOT NULL DEFAULT '',
    counterparty TEXT NOT NULL DEFAULT '',
    name         TEXT NOT NULL DEFAULT '', -- of the other end
    pending      INTEGER NOT NULL DEFAULT 0, -- it was not booked when it was seen last
    others       INTEGER NOT NULL DEFAULT 0, -- so many more came at once, at least, that are not told one by one
    told_at      TEXT NOT NULL DEFAULT '', -- on the desktop, or otherwise
    seen_at      TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX alert_rule_id ON alert (rule_id);
CREATE INDEX alert_account ON alert (account_id);
CREATE INDEX alert_entry ON alert (entry_id);
CREATE INDEX alert_consent ON alert (consent_id);
CREATE INDEX alert_payment ON alert (payment_id);
