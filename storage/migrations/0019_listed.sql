-- +goose Up

-- When the accounts that the bank lists under a consent were last stored whole; empty
-- while that is not known. A fetch that is not complete may have read the whole list.
ALTER TABLE consent ADD COLUMN listed_at TEXT NOT NULL DEFAULT '';
UPDATE consent SET listed_at = fetched_at;
