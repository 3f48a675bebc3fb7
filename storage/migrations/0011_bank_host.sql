-- +goose Up

-- Hosts that the person named for a bank, when one of its answers led there. They
-- stand beside those of the environment, and go with it.
CREATE TABLE bank_host (
    environment_id TEXT NOT NULL REFERENCES environment ON DELETE CASCADE,
    bic            TEXT NOT NULL,
    origin         TEXT NOT NULL, -- scheme, host and port, as xs2a.Origin
    named_at       TEXT NOT NULL,
    PRIMARY KEY (environment_id, bic, origin)
) STRICT, WITHOUT ROWID;
