package frontend

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"consentry/frontend/words"
	"consentry/storage"
	"consentry/storage/folder"
)

// Refusal is why the program does not start on a data folder.
type Refusal struct {
	Kind   RefusalKind
	Folder string        // where the data lie
	Newer  string        // the version that used them last, with DataNewer; empty where it is not known
	Unfit  *folder.Error // with FolderUnfit
	Fault  storage.Fault // with DiskFails; empty where it is another
	Detail string
	// Language is the tag of the one that was chosen; empty where none was.
	Language string
	Speech   Speech
	// SetAside moves the old data out of the way, so that the next start begins
	// anew, and returns where they lie. Nil: that is not offered.
	SetAside func() (aside string, err error)
}

// RefusalKind is what is wrong.
type RefusalKind string

// The kinds of refusals.
const (
	KeyMissing      RefusalKind = "keyMissing"
	KeyDamaged      RefusalKind = "keyDamaged"
	KeyForeign      RefusalKind = "keyForeign"      // it belongs to other data
	KeyNotGiven     RefusalKind = "keyNotGiven"     // by the system's keyring
	KeyOpenToOthers RefusalKind = "keyOpenToOthers" // of this machine
	KeyUnreadable   RefusalKind = "keyUnreadable"
	DataNewer       RefusalKind = "dataNewer" // than this program
	FolderInUse     RefusalKind = "folderInUse"
	FolderUnfit     RefusalKind = "folderUnfit"
	DiskFails       RefusalKind = "diskFails"
)

// ErrOpens is what [Refusal.SetAside] fails with where the data can be opened by now.
// They are left where they are.
var ErrOpens = errors.New("the data can be opened by now")

var refusalTitles = map[RefusalKind]words.Text{
	KeyMissing:      "The key to your data is missing.",
	KeyDamaged:      "The key to your data is damaged.",
	KeyForeign:      "The key in your data folder belongs to other data.",
	KeyNotGiven:     "The system’s keyring did not give the key to your data.",
	KeyOpenToOthers: "Other users of this machine can read the key to your data.",
	KeyUnreadable:   "The key to your data cannot be read.",
	DataNewer:       "Your data belong to a newer version of Consentry.",
	FolderInUse:     "Consentry is running already, with this data folder.",
	FolderUnfit:     "The data folder cannot be used.",
}

var faultTitles = map[storage.Fault]words.Text{
	"":                 "Consentry could not open your data.",
	storage.DiskFull:   "The disk is full, so Consentry cannot open your data.",
	storage.ReadOnly:   "The disk takes no changes, so Consentry cannot open your data.",
	storage.NotAllowed: "Consentry may not open your data.",
	storage.NotOpened:  "Consentry may not open your data.",
	storage.DiskBroken: "The disk that holds your data gives errors.",
	storage.Damaged:    "The database with your data is damaged.",
}

// title says what is wrong.
func (r Refusal) title(ctx context.Context) string {
	if r.Kind == DiskFails {
		return words.T(ctx, faultTitles[r.Fault])
	}
	return words.T(ctx, refusalTitles[r.Kind])
}

// lost says that nothing was, and what the key has to do with it.
func (r Refusal) lost(ctx context.Context) string {
	switch r.Kind {
	case KeyMissing:
		return words.T(ctx, "Nothing was changed in your data folder, %s. Without the key the logins and tokens in it cannot be opened, and a new key would not open them.", r.Folder)
	case KeyForeign:
		return words.T(ctx, "Nothing was changed in your data folder, %s. The key may be that of another data folder, or the database that of another key.", r.Folder)
	}
	return words.T(ctx, "Nothing was changed in your data folder, %s.", r.Folder)
}

// ways say what can be done, a sentence or two each.
func (r Refusal) ways(ctx context.Context) []string {
	if r.Kind == FolderUnfit {
		return []string{unfitWay(ctx, r.Unfit)}
	}
	return []string{r.way(ctx), words.T(ctx, "Or use another data folder: consentry -data FOLDER")}
}

// way is the one that leads to the data.
func (r Refusal) way(ctx context.Context) string {
	key := filepath.Join(r.Folder, folder.Key)
	switch r.Kind {
	case KeyMissing, KeyDamaged:
		return words.T(ctx, "Put the key back from your backup: %s, or %s beside it where the key lies in the system’s keyring. Then start Consentry again.", key, folder.KeyEntry)
	case KeyForeign:
		return words.T(ctx, "Put the key and the database back that belong together: %s, or %s beside it where the key lies in the system’s keyring, and %s. Then start Consentry again.", key, folder.KeyEntry, folder.Database)
	case KeyNotGiven:
		return words.T(ctx, "Unlock the keyring, or log in to your desktop, where it is; CONSENTRY_KEYRING must not be “off”. Then start Consentry again.")
	case KeyOpenToOthers:
		return words.T(ctx, "If nobody else has read it, close it: %s. Then start Consentry again.", fmt.Sprintf("chmod 600 %q", key))
	case KeyUnreadable:
		return words.T(ctx, "Make the key readable for yourself: %s, or %s beside it where the key lies in the system’s keyring. Then start Consentry again.", key, folder.KeyEntry)
	case DataNewer:
		return newerWay(ctx, r.Newer)
	case FolderInUse:
		return words.T(ctx, "Go to its window, or to the page it has opened in your browser; “%s” shows it. If a command such as “%s” uses the folder, wait until it has ended. If it does not answer, end it and start Consentry again.", openCommand(r.Folder), "consentry update")
	}
	return faultWay(ctx, r.Fault, r.Folder)
}

// openCommand shows the program that runs on a data folder.
func openCommand(dir string) string { return fmt.Sprintf("consentry open -data %q", dir) }

func newerWay(ctx context.Context, newer string) string {
	if newer == "" {
		return words.T(ctx, "Start the version of Consentry that used them last, or one that is newer still. This is Consentry %s.", storage.Version())
	}
	return words.T(ctx, "Start Consentry %s, or one that is newer still. This is Consentry %s.", newer, storage.Version())
}

// unfitWay says what is not as it should be in the folder, and what to do.
func unfitWay(ctx context.Context, unfit *folder.Error) string {
	switch unfit.Fault {
	case folder.NoFolder:
		return words.T(ctx, "%s is not a folder: name another one with -data.", unfit.Path)
	case folder.OfAnother:
		return words.T(ctx, "%s belongs to another user of this machine (number %s): start Consentry as that user, or name another folder with -data.", unfit.Path, fmt.Sprint(unfit.Owner))
	case folder.IsFolder:
		return words.T(ctx, "%s is not a file of its own but a folder: put the file itself there, or name another folder with -data.", unfit.Path)
	case folder.IsLink:
		return words.T(ctx, "%s is not a file of its own but a link to elsewhere: put the file itself there, or name another folder with -data.", unfit.Path)
	}
	return words.T(ctx, "%s is not a file of its own but something else: put the file itself there, or name another folder with -data.", unfit.Path)
}

// faultWay says what can be done about what the disk did not do.
func faultWay(ctx context.Context, fault storage.Fault, dir string) string {
	switch fault {
	case storage.DiskFull:
		return words.T(ctx, "Free some space on the disk that holds %s. Then start Consentry again.", dir)
	case storage.ReadOnly:
		return words.T(ctx, "Make the disk that holds %s writable. Then start Consentry again.", dir)
	case storage.NotAllowed, storage.NotOpened:
		return words.T(ctx, "Make %s and the files in it yours, readable and writable. Then start Consentry again.", dir)
	case storage.DiskBroken:
		return words.T(ctx, "Save a copy of %s, and have the disk looked at. Then start Consentry again.", dir)
	case storage.Damaged:
		return words.T(ctx, "Put %s back from your backup, together with its key. Then start Consentry again.", folder.Database)
	}
	return words.T(ctx, "The details say why. Try again; if it happens again, report it with them.")
}

// stayInForce is what setting data aside does not do.
const stayInForce words.Text = "The consents in them stay in force at the banks until you end them there."

// Error is the whole of it, for a terminal, in the language of the person.
func (r Refusal) Error() string {
	ctx := r.Speech.Unasked(context.Background(), r.Language)
	said := append([]string{r.title(ctx) + " " + r.lost(ctx)}, r.ways(ctx)...)
	if r.SetAside != nil {
		said = append(said, words.T(ctx, "Or set the old data aside and begin anew: move %s to another place. %s", r.Folder, stayInForce))
		said = append(said, words.T(ctx, "Or restore a backup that Consentry made: %s", "consentry restore FILE"))
	}
	if r.Detail != "" {
		said = append(said, "("+r.Detail+")")
	}
	return strings.Join(said, "\n  ")
}
