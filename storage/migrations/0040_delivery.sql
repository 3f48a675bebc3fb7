-- +goose Up

-- With which exchanges transactions came that a write added: an entry of the account first seen at that moment came with
-- one of them. There is a row for each page of a report that held something new, and none for a transaction. They are kept as
-- long as the exchanges.
CREATE TABLE delivery (
    account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    at         TEXT NOT NULL, -- first_seen_at of the entries
    request_id TEXT NOT NULL, -- X-Request-ID of the exchange
    PRIMARY KEY (account_id, at, request_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX delivery_at ON delivery (at);

-- The bank refused a request that was to create a consent or a payment, since no login of the person (PSU-ID) came with it.
ALTER TABLE aspsp ADD COLUMN wants_login INTEGER NOT NULL DEFAULT 0;
