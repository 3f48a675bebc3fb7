-- +goose Up

-- One row: the data folder itself. key_check_sealed opens with the folder's key and
-- with no other. opened_by is the version of the program that used it last, so that
-- an older one can name it. seen_at is the latest time of this machine's clock that
-- was noted.
CREATE TABLE installation (
    id               INTEGER PRIMARY KEY CHECK (id = 1),
    key_check_sealed BLOB NOT NULL,
    opened_by        TEXT NOT NULL,
    seen_at          TEXT NOT NULL
) STRICT;

-- ran_out_at is when this machine's clock was first past the last day, while nothing
-- else had confirmed that; overruled_at is when the bank said that it is valid all
-- the same.
ALTER TABLE consent ADD COLUMN ran_out_at TEXT NOT NULL DEFAULT '';
ALTER TABLE consent ADD COLUMN overruled_at TEXT NOT NULL DEFAULT '';
