-- +goose Up

-- From which exchange one was sent again. It goes with the exchange; the former may be kept no more.
CREATE TABLE exchange_former (
    exchange_id INTEGER PRIMARY KEY REFERENCES exchange ON DELETE CASCADE,
    former_id   INTEGER NOT NULL
) STRICT;
