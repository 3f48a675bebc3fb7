-- +goose Up

-- The record of exchanges is bounded by bytes as well as by number: what one takes
-- up with its bodies, and 0 once it has let go of them. Headers are short.
ALTER TABLE exchange ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
UPDATE exchange SET bytes = length(CAST(request AS BLOB)) + length(CAST(answer AS BLOB));
CREATE INDEX exchange_bytes ON exchange (id, bytes) WHERE bytes > 0;
