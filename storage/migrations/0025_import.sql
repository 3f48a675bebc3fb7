-- +goose Up

-- A file that transactions of an account were read from.
CREATE TABLE import (
    id         INTEGER PRIMARY KEY AUTOINCREMENT, -- not given anew: undoing goes on after the program ended
    account_id INTEGER NOT NULL REFERENCES account ON DELETE CASCADE,
    file_name  TEXT NOT NULL,
    format     TEXT NOT NULL,
    digest     TEXT NOT NULL, -- of the file: SHA-256 in hexadecimal digits
    began_at   TEXT NOT NULL,
    ended_at   TEXT NOT NULL DEFAULT '', -- when all of it was read
    undoing    INTEGER NOT NULL DEFAULT 0, -- it was undone, and what it brought is being removed
    covers     TEXT NOT NULL, -- JSON: the spans of days of which the file says that it has all
    total      INTEGER NOT NULL, -- transactions of the file that can be read
    added      INTEGER NOT NULL DEFAULT 0, -- of them that were new
    known      INTEGER NOT NULL DEFAULT 0, -- of them that were there already
    unread     TEXT NOT NULL, -- JSON: what could not be read, the first of it
    unread_all INTEGER NOT NULL, -- how much that was
    skipped    INTEGER NOT NULL -- pending ones, and those of other accounts
) STRICT;
CREATE INDEX import_account ON import (account_id);

-- Of entries that the bank has not listed: the files that did. What the bank lists has no row.
CREATE TABLE import_entry (
    entry_id  INTEGER NOT NULL REFERENCES entry ON DELETE CASCADE,
    import_id INTEGER NOT NULL,
    PRIMARY KEY (entry_id, import_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX import_entry_import ON import_entry (import_id);

-- What the columns of a form of table mean, as a person said. A form is the columns' names and
-- what stands between them.
CREATE TABLE import_form (
    form    TEXT PRIMARY KEY, -- digest
    columns TEXT NOT NULL -- JSON
) STRICT, WITHOUT ROWID;
