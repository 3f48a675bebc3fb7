-- +goose Up

-- It counted from the day in UTC. The person's calendar is not in the file: the
-- day is worked out when a consent is read.
ALTER TABLE consent DROP COLUMN renew_by;
