package frontend

import (
	"context"
	"errors"
	"net/http"
	"time"

	"consentry/app"
	"consentry/app/backup"
	"consentry/app/failure"
	"consentry/app/lock"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

const backupPath = "/settings/backup"

// Backup is how the profile that is open is kept in a file, and another brought back in its place.
type Backup struct {
	Folder *backup.Folder
	Source backup.Source
}

// backupOf returns how backups are made, or that there is nothing here.
func (s *Server) backupOf() (*Backup, error) {
	if s.backup == nil {
		return nil, storage.ErrNotFound
	}
	return s.backup, nil
}

// backupView is where a backup is made.
type backupView struct {
	Made    time.Time // when the last one was; zero where none was
	Locks   bool
	Failure *app.Error
}

func (s *Server) backups(w http.ResponseWriter, r *http.Request) error {
	return s.showBackup(w, r, nil)
}

func (s *Server) showBackup(w http.ResponseWriter, r *http.Request, failed *app.Error) error {
	b, err := s.backupOf()
	if err != nil {
		return err
	}
	status := http.StatusOK
	if failed != nil {
		status = statusOfForm(failed)
	}
	view := backupView{Made: b.Folder.Made(), Locks: s.protects(), Failure: failed}
	return s.pageStatus(w, r, status, Page{Title: words.T(r.Context(), "Backup"), Section: SectionSettings}, backupScreen(view))
}

// protects reports whether there is a passphrase of the lock.
func (s *Server) protects() bool { return s.lock != nil && s.lock.Protected() }

// collecting is how long it may take until the first byte of a backup is there: the database is copied before.
const collecting = 30 * time.Minute

// makeBackup hands out a backup while it is written.
func (s *Server) makeBackup(w http.ResponseWriter, r *http.Request) error {
	b, err := s.backupOf()
	if err != nil {
		return err
	}
	current, passphrase, again := []byte(r.PostFormValue("current")), []byte(r.PostFormValue("passphrase")), []byte(r.PostFormValue("again"))
	defer forgetForm(r, current, passphrase, again)
	err = lock.Fit(passphrase, again)
	if err == nil && s.protects() { // all that it protects goes into the file
		err = s.lock.Check(current)
	}
	if err != nil {
		failed, known := asFailure(err)
		if !known {
			return err
		}
		return s.showBackup(w, r, failed)
	}
	if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(collecting)); err != nil {
		return err
	}
	of := b.Source
	of.Profile = s.profiles.name()
	name := "consentry-" + s.app.Clock().Now().Format("2006-01-02-1504") + backup.Extension
	err = s.stream(w, r, "application/octet-stream", name, func(to *download) error {
		letThrough(w) // only its passphrase opens it
		return b.Folder.Write(r.Context(), to, passphrase, of)
	})
	if errors.Is(err, backup.ErrLarge) {
		return failure.New(failure.BackupLarge).By(err)
	}
	if err != nil {
		return err
	}
	if err := b.Folder.NoteMade(); err != nil {
		s.log.Warn("that a backup was made is not noted", "error", err)
	}
	return nil
}

// ofBackup is what is said of why a backup was not read; what is wrong with what was typed or chosen stands at its field.
func ofBackup(err error) error {
	var newer *backup.NewerError
	at := func(field, code string) error {
		failed := failure.Unchanged(map[string]storage.Reason{field: {Code: code}})
		failed.Cause = err
		return failed
	}
	switch {
	case err == nil:
		return nil
	case errors.As(err, &newer):
		return failure.Unchanged(map[string]storage.Reason{"file": {Code: failure.BackupNewer, Name: newer.Version}})
	case errors.Is(err, backup.ErrAccepted):
		return failure.New(failure.RestoreUnderWay)
	case errors.Is(err, backup.ErrPassphrase):
		return at("passphrase", failure.BackupPassphrase)
	case errors.Is(err, backup.ErrForeign):
		return at("file", failure.BackupForeign)
	case errors.Is(err, backup.ErrDamaged):
		return at("file", failure.BackupDamaged)
	}
	return err
}

// passphraseField asks for a passphrase, and never shows one that was typed.
func passphraseField(ctx context.Context, failed *app.Error, name string, label, hint words.Text, complete string) ui.Field {
	return ui.Field{Name: name, Label: words.T(ctx, label), Hint: words.T(ctx, hint), Type: "password", Error: fieldWords(ctx, failed, name),
		Attrs: map[string]any{"autocomplete": complete, "spellcheck": "false"}}
}
