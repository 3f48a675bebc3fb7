// Package backup keeps all of a profile in one sealed file, and brings it back on this machine or another.
//
// A backup is an age file (age-encryption.org/v1) under a passphrase, and in it a tar archive:
//
//	backup.json   what the backup is: a [Manifest]
//	consentry.db  the database, as it was at one moment
//	master.key    the key to what is sealed in it
//	sandbox.json  what the practice banks hold, as at that moment, where there are any
//	language      the one that was chosen, if one was
//
// Nothing else may be in it, nothing twice, and nothing in another order. So "age -d FILE | tar x" takes it out without this
// program. What belongs to a machine is left out: where the window was, how the program is reached, the lock's passphrase,
// and other profiles.
//
// It is brought back in steps, so that no kill loses anything: [Folder.Unpack] puts all of it beside the data and looks at it
// whole; [Folder.Accept] says that it is to take their place; [Finish], which whoever opens the folder calls first, sets the
// data aside and moves it in, or takes away what was not accepted.
package backup

import (
	"log/slog"
	"path/filepath"
	"time"

	"consentry/app/secret"
	"consentry/storage"
	"consentry/storage/folder"
)

// Extension ends the name of a backup's file.
const Extension = ".consentry"

// Folder is the data folder of a profile, as a backup is made of it and brought back into it.
type Folder struct {
	dir  string
	log  *slog.Logger
	now  func() time.Time
	cost cost
	at   func(step string) // told of each step after which a kill leaves another state than before it
}

// In returns a data folder for backups.
func In(dir string, log *slog.Logger) *Folder {
	return &Folder{dir: dir, log: log, now: time.Now, cost: usualCost, at: func(string) {}}
}

// Source is a profile that is open, of which a backup is made.
type Source struct {
	Store   *storage.Store
	Key     *secret.Box
	Profile string // whose it is; empty where there is one
}

func (f *Folder) path(name string) string { return filepath.Join(f.dir, name) }

// manifestFile is the first file in a backup.
const manifestFile = "backup.json"

// part is a file that may be in a backup, and how large at most.
type part struct {
	name   string
	most   int64
	always bool
}

// parts are the files of a backup, in their order. The sizes are what a header of tar holds, and far more than a practice
// bank, a key or the tag of a language takes.
var parts = []part{
	{folder.Database, 8<<30 - 1, true},
	{folder.Key, 4 << 10, true},
	{folder.State, 256 << 20, false},
	{folder.Language, 64, false},
}

// Most is how large the file of a backup may be: all its parts, and what seals them.
const Most = 9 << 30
