-- +goose Up

-- A payment is stored before anything is sent for it, with the X-Request-ID it is sent
-- under. What became of the sending is its fate; what the bank says of it, its status.
CREATE TABLE payment (
    id             TEXT PRIMARY KEY,
    environment_id TEXT NOT NULL REFERENCES environment (id),
    bic            TEXT NOT NULL,
    bank_name      TEXT NOT NULL,
    affiliated_id  TEXT NOT NULL DEFAULT '',
    form_id        TEXT UNIQUE,              -- of the form by which it was composed; one form makes one payment
    list_id        TEXT NOT NULL DEFAULT '', -- of the form by which it was composed with others; empty: by itself
    list_place     INTEGER NOT NULL DEFAULT 0, -- among these
    request_id     TEXT NOT NULL UNIQUE,     -- X-Request-ID of the POST, and of its repeat
    payment_order  TEXT NOT NULL,            -- what is asked for: JSON, see xs2a.Order
    shown          TEXT NOT NULL DEFAULT '', -- what the person saw last before sending, see storage.Payment
    repeats        TEXT NOT NULL DEFAULT '', -- the payment it was made from
    fate           TEXT NOT NULL,            -- see storage.Fate
    bank_id        TEXT NOT NULL DEFAULT '', -- the bank's paymentId
    status         TEXT NOT NULL DEFAULT '', -- transactionStatus as the bank said it last
    status_at      TEXT NOT NULL DEFAULT '',
    said           TEXT NOT NULL DEFAULT '{}', -- fees and what else the bank said of it: JSON
    message        TEXT NOT NULL DEFAULT '', -- the bank's words to the person
    reason         TEXT NOT NULL DEFAULT '', -- why it was refused, or is unknown: JSON, see storage.Reason
    cancellation   TEXT NOT NULL DEFAULT '', -- see storage.Cancellation
    asked          INTEGER NOT NULL DEFAULT 0, -- questions for its status that brought nothing new
    asked_at       TEXT NOT NULL DEFAULT '',
    created_at     TEXT NOT NULL,
    sent_at        TEXT NOT NULL DEFAULT '', -- first
    answered_at    TEXT NOT NULL DEFAULT '', -- when it was first known what became of the sending
    ended_at       TEXT NOT NULL DEFAULT '', -- when nothing more was to come
    doubted        INTEGER NOT NULL DEFAULT 0, -- 1: it was sent once and nobody knew what became of that
    person_sealed  BLOB NOT NULL DEFAULT x'',
    version        INTEGER NOT NULL DEFAULT 0,
    board          TEXT NOT NULL GENERATED ALWAYS AS (CASE -- what is to be done about it: as pay.GroupOf has it
        WHEN fate = 'sending' THEN 'underway'
        WHEN fate = 'dropped' AND doubted = 1 THEN 'unknown'
        WHEN fate IN ('refused', 'dropped') OR fate = 'taken' AND status IN ('RJCT', 'CANC') THEN 'notdone'
        WHEN fate <> 'taken' THEN 'needs'
        WHEN ended_at <> '' THEN 'done'
        WHEN cancellation <> 'pending' AND status IN ('ACTC', 'ACCP', 'ACFC', 'ACSP', 'ACWP', 'PART', 'ACSC', 'ACCC', 'ACWC') THEN 'underway'
        ELSE 'needs' END) VIRTUAL
) STRICT;
CREATE INDEX payment_board ON payment (board, created_at DESC, id DESC);
CREATE INDEX payment_sent ON payment (environment_id, sent_at, ended_at, payment_order ->> 'On');
CREATE INDEX payment_created ON payment (created_at DESC, id);
CREATE INDEX payment_bank ON payment (environment_id, bic, created_at DESC);
CREATE INDEX payment_open ON payment (fate) WHERE ended_at = '';

CREATE INDEX payment_list ON payment (list_id, list_place) WHERE list_id <> '';

CREATE TABLE payment_event (
    id         INTEGER PRIMARY KEY,
    payment_id TEXT NOT NULL REFERENCES payment (id) ON DELETE CASCADE,
    at         TEXT NOT NULL,
    source     TEXT NOT NULL,
    status     TEXT NOT NULL DEFAULT '',
    kind       TEXT NOT NULL,
    args       TEXT NOT NULL DEFAULT '{}'
) STRICT;
CREATE INDEX payment_event_payment ON payment_event (payment_id, id);

-- What a person pays again and again, under a name of theirs.
CREATE TABLE payment_template (
    id             TEXT PRIMARY KEY,
    environment_id TEXT NOT NULL REFERENCES environment (id) ON DELETE CASCADE,
    bic            TEXT NOT NULL,
    bank_name      TEXT NOT NULL,
    affiliated_id  TEXT NOT NULL DEFAULT '',
    name           TEXT NOT NULL,
    payment_order  TEXT NOT NULL, -- JSON, see xs2a.Order
    created_at     TEXT NOT NULL
) STRICT;

-- Whom money went to, each once, however often.
CREATE INDEX entry_creditor ON entry (creditor_account, creditor_name) WHERE creditor_account <> '' AND amount LIKE '-%';
