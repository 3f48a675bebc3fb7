-- +goose Up

-- How a bank reports transactions, as far as reads have shown it.
CREATE TABLE report_habit (
    environment_id TEXT NOT NULL REFERENCES environment ON DELETE CASCADE,
    bic            TEXT NOT NULL,
    accept         TEXT NOT NULL, -- the media types it has; empty: JSON
    apart          INTEGER NOT NULL, -- booked and pending entries are asked for one after the other
    no_pending     INTEGER NOT NULL, -- it has no pending ones
    PRIMARY KEY (environment_id, bic)
) STRICT, WITHOUT ROWID;
