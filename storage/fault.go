package storage

import (
	"errors"
	"io/fs"
	"slices"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Fault is why the disk did not take something or did not give it back.
type Fault string

// The faults. The zero value is none.
const (
	DiskFull   Fault = "full"
	ReadOnly   Fault = "readOnly" // the file system takes no writes
	NotAllowed Fault = "notAllowed"
	NotOpened  Fault = "notOpened" // a file is not there or cannot be opened
	DiskBroken Fault = "broken"    // the disk gives an input/output error
	Damaged    Fault = "damaged"   // what the database file holds is no database, or not a whole one
)

// FaultOf returns the fault of the disk behind an error, "" for any other error.
func FaultOf(err error) Fault {
	var refused *sqlite.Error
	if errors.As(err, &refused) {
		return faultOfCode(refused.Code())
	}
	for _, known := range slices.Concat(faultsOfFiles, faultsOfSystem) {
		if errors.Is(err, known.err) {
			return known.fault
		}
	}
	return ""
}

// faultOfCode reads a result code of SQLite. The extended codes of an input/output
// error say more; the first byte is the code itself.
func faultOfCode(code int) Fault {
	if code == sqlite3.SQLITE_IOERR_SHMSIZE { // the index of the write-ahead log could not grow
		return DiskFull
	}
	switch code & 0xff {
	case sqlite3.SQLITE_FULL:
		return DiskFull
	case sqlite3.SQLITE_READONLY:
		return ReadOnly
	case sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH:
		return NotAllowed
	case sqlite3.SQLITE_CANTOPEN:
		return NotOpened
	case sqlite3.SQLITE_IOERR:
		return DiskBroken
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return Damaged
	}
	return ""
}

type knownFault struct {
	err   error
	fault Fault
}

// faultsOfFiles are the same faults as systems tell them of other files.
var faultsOfFiles = []knownFault{
	{syscall.ENOSPC, DiskFull}, {syscall.EDQUOT, DiskFull}, {syscall.EROFS, ReadOnly}, {syscall.EIO, DiskBroken},
	{fs.ErrPermission, NotAllowed},
}
