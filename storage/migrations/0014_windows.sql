-- +goose Up

-- Of entries with one content, those a reading has not claimed yet are found
-- without passing those it has, be there ever so many.
CREATE INDEX entry_unclaimed ON entry (account_id, pending, fingerprint, seen, occurrence);

-- The form by which a person asked: sent twice, from two windows or by a second
-- click, it is one request.
ALTER TABLE consent ADD COLUMN form_id TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX consent_form ON consent (form_id) WHERE form_id <> '';
