-- +goose Up

-- Nothing was ever written here: a payment made from another is one of its own.
ALTER TABLE payment DROP COLUMN repeats;
