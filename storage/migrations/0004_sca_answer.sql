-- +goose Up

-- The bank's last answer about an authorisation, as it came but without secrets
-- and bounded: fees, warnings and whatever else is understood by nobody yet.
ALTER TABLE authorisation ADD COLUMN answer TEXT NOT NULL DEFAULT '';
