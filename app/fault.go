package app

import "consentry/storage"

// Inside puts an error into words that is no bank's: what the disk did not take,
// else a fault of the program's own.
func Inside(err error) *Error {
	fault := storage.FaultOf(err)
	words, known := faultWords[fault]
	if !known {
		return &Error{Message: "Something went wrong inside Consentry.", Lost: "What was stored before is unharmed.", Do: "Try again; if it happens again, report it with the details.", Detail: err.Error(), Cause: err}
	}
	words.Detail, words.Cause = err.Error(), err
	return &words
}

// faultWords say what the disk did not do. What a person did is kept whole or not at
// all, so that it can be done again.
var faultWords = map[storage.Fault]Error{
	storage.DiskFull: {Message: "The disk is full, so Consentry could not store this.",
		Lost: "Nothing was lost: what was stored before is unharmed.", Do: "Free some space on the disk that holds the data folder, then do it again. Consentry goes on by itself."},
	storage.ReadOnly: {Message: "The disk takes no changes, so Consentry could not store this.",
		Lost: "Nothing was lost: what was stored before is unharmed.", Do: "Make the disk and the data folder writable, then do it again."},
	storage.NotAllowed: {Message: "Consentry may not use its own files any more.",
		Lost: "Nothing was lost: what was stored before is unharmed.", Do: "Make the data folder and the files in it yours, readable and writable, then do it again."},
	storage.NotOpened: {Message: "Consentry cannot open its own files any more.",
		Lost: "What was stored before was not touched.", Do: "See that the disk with the data folder is there, then start Consentry again."},
	storage.DiskBroken: {Message: "The disk gave an error, so Consentry could not store or read this.",
		Lost: "Consentry changed nothing.", Do: "Save a copy of the data folder, and have the disk looked at. Its quota may be used up, too."},
	storage.Damaged: {Message: "A part of the database is damaged.",
		Lost: "Consentry changed nothing.", Do: "Save a copy of the data folder, then put the database back from your backup."},
}

// NotStored says why the disk did not take the last write; nil where it did.
func (a *App) NotStored() *Error {
	words, known := faultWords[a.store.Fault()]
	if !known {
		return nil
	}
	return &words
}
