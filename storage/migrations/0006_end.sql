-- +goose Up

-- Lines of a history say what happened as data; the sentence is made when it is
-- shown. Older lines keep theirs, as a note. Two kinds are told once only, so
-- those that stand there are known by their kind.
ALTER TABLE consent_event ADD COLUMN kind TEXT NOT NULL DEFAULT 'note';
ALTER TABLE consent_event ADD COLUMN args TEXT NOT NULL DEFAULT '{}'; -- what the sentence needs: JSON
UPDATE consent_event SET args = json_object('text', note);
UPDATE consent_event SET kind = 'renewalDue', args = json_object('number', CAST(note AS INTEGER))
    WHERE source = 'time' AND note LIKE '% days have passed since you approved it: Consentry fetches no more without you';
UPDATE consent_event SET kind = 'leftOut', args = json_object('number', CAST(substr(note, length('The bank sent accounts you did not name; they were left out: ') + 1) AS INTEGER))
    WHERE source = 'bank' AND note LIKE 'The bank sent accounts you did not name; they were left out: %';
ALTER TABLE consent_event DROP COLUMN note;

-- An update of an authorisation carries the version it was made from.
ALTER TABLE authorisation ADD COLUMN version INTEGER NOT NULL DEFAULT 0;

-- What a bank answered that was told of an end and did not end the consent, and
-- how often it was asked since: JSON; empty where there is no such answer.
ALTER TABLE consent ADD COLUMN deletion TEXT NOT NULL DEFAULT '';
