-- +goose Up

-- What keeps a person in charge of a consent: what it is for, what it renews
-- and what replaced it, how and when it ended, and each read under it.

ALTER TABLE consent ADD COLUMN purpose TEXT NOT NULL DEFAULT 'See all my accounts in one place';
ALTER TABLE consent ADD COLUMN series TEXT NOT NULL DEFAULT '';      -- id of the first in a row of renewals
ALTER TABLE consent ADD COLUMN renews TEXT NOT NULL DEFAULT '';      -- id of the one whose place it is to take
ALTER TABLE consent ADD COLUMN replaced_by TEXT NOT NULL DEFAULT ''; -- id of the one that took its place
ALTER TABLE consent ADD COLUMN ended_at TEXT NOT NULL DEFAULT '';    -- empty while it has not ended
ALTER TABLE consent ADD COLUMN end_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE consent ADD COLUMN told TEXT NOT NULL DEFAULT '';        -- whether the bank knows of an end made here
ALTER TABLE consent ADD COLUMN told_error TEXT NOT NULL DEFAULT '';
ALTER TABLE consent ADD COLUMN erase_asked INTEGER NOT NULL DEFAULT 0; -- its data are to go, and may not have gone yet
ALTER TABLE consent ADD COLUMN erased_at TEXT NOT NULL DEFAULT '';
ALTER TABLE consent ADD COLUMN schedule INTEGER NOT NULL DEFAULT 0;  -- fetches a day that nobody asks for
ALTER TABLE consent ADD COLUMN tried_at TEXT NOT NULL DEFAULT '';    -- when the last fetch began
ALTER TABLE consent ADD COLUMN snoozed_until TEXT NOT NULL DEFAULT ''; -- ISO date
ALTER TABLE consent ADD COLUMN read_at TEXT NOT NULL DEFAULT '';     -- last access to account data
ALTER TABLE consent ADD COLUMN read_attended INTEGER NOT NULL DEFAULT 0;

-- The last day without a new SCA: the earlier of the consent's own and 180 days
-- after it was granted (RTS article 10a).
ALTER TABLE consent ADD COLUMN renew_by TEXT NOT NULL GENERATED ALWAYS AS
    (CASE granted_at WHEN '' THEN '' ELSE min(valid_until, date(substr(granted_at, 1, 10), '+180 days')) END) VIRTUAL;

UPDATE consent SET series = id;
UPDATE consent SET ended_at = status_at, end_reason = CASE status
    WHEN 'rejected' THEN 'rejected' WHEN 'revokedByPsu' THEN 'revoked' WHEN 'expired' THEN 'expired' ELSE 'withdrawn' END
    WHERE status IN ('rejected', 'revokedByPsu', 'expired', 'terminatedByTpp');

CREATE INDEX consent_series ON consent (series, created_at);
CREATE INDEX consent_ended ON consent (ended_at);
CREATE INDEX authorisation_open ON authorisation (consent_id) WHERE outcome = '';

-- The ledger: every read under a consent. Rows are written before the request
-- goes out, so that one whose outcome nobody knows counts, too.
CREATE TABLE consent_read (
    id         INTEGER PRIMARY KEY,
    consent_id TEXT NOT NULL REFERENCES consent ON DELETE CASCADE,
    series     TEXT NOT NULL, -- a bank that counts by account does not begin anew with a renewal
    at         TEXT NOT NULL,
    endpoint   TEXT NOT NULL,
    account    TEXT NOT NULL, -- a digest that tells accounts apart; empty for what is about none
    label      TEXT NOT NULL, -- the account's name and masked number
    attended   INTEGER NOT NULL,
    outcome    TEXT NOT NULL DEFAULT '',
    request_id TEXT NOT NULL
) STRICT;
CREATE INDEX consent_read_consent ON consent_read (consent_id, id);
CREATE INDEX consent_read_window ON consent_read (series, attended, at);
CREATE INDEX consent_read_unattended ON consent_read (at) WHERE attended = 0;

-- Which reminders a person was given, so that each comes once.
CREATE TABLE reminder (
    consent_id TEXT NOT NULL REFERENCES consent ON DELETE CASCADE,
    days       INTEGER NOT NULL, -- 30, 7 or 1
    given_at   TEXT NOT NULL,
    PRIMARY KEY (consent_id, days)
) STRICT, WITHOUT ROWID;

-- The bank sent an amount without a sign; it has that of the party named.
ALTER TABLE entry ADD COLUMN inferred INTEGER NOT NULL DEFAULT 0;
