-- +goose Up

-- How often what counterparties add up to has changed: what is found in it is kept until then.
CREATE TABLE turnover_change (
    changes INTEGER NOT NULL
) STRICT;

INSERT INTO turnover_change VALUES (0);

-- With an account its turnovers go.
-- +goose StatementBegin
CREATE TRIGGER turnover_change_of_account AFTER DELETE ON account BEGIN
    UPDATE turnover_change SET changes = changes + 1;
END;
-- +goose StatementEnd

-- What ended lately.
CREATE INDEX payment_ended ON payment (ended_at DESC) WHERE ended_at <> '';
