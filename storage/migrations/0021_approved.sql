-- +goose Up

-- Nothing was ever written here: a payment made from another is one of its own.
ALTER TABLE payment DROP COLUMN repeats;

-- Some banks take an approval, and go on checking before their status says more.
ALTER TABLE payment ADD COLUMN approved INTEGER NOT NULL DEFAULT 0; -- 1: by all whom the bank asked

DROP INDEX payment_board;
ALTER TABLE payment DROP COLUMN board;
ALTER TABLE payment ADD COLUMN board TEXT NOT NULL GENERATED ALWAYS AS (CASE -- what is to be done about it: as pay.GroupOf has it
    WHEN fate = 'sending' THEN 'underway'
    WHEN fate = 'dropped' AND doubted = 1 THEN 'unknown'
    WHEN fate IN ('refused', 'dropped') OR fate = 'taken' AND status IN ('RJCT', 'CANC') THEN 'notdone'
    WHEN fate <> 'taken' THEN 'needs'
    WHEN ended_at <> '' THEN 'done'
    WHEN cancellation <> 'pending' AND (status IN ('ACTC', 'ACCP', 'ACFC', 'ACSP', 'ACWP', 'PART', 'ACSC', 'ACCC', 'ACWC')
        OR approved = 1 AND status IN ('RCVD', 'PDNG')) THEN 'underway'
    ELSE 'needs' END) VIRTUAL;
CREATE INDEX payment_board ON payment (board, created_at DESC, id DESC);
