package frontend

import (
	"context"
	"errors"
	"io"
	"net/http"
	"path/filepath"
	"time"

	"consentry/app"
	"consentry/app/backup"
	"consentry/app/failure"
	"consentry/app/secret"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

// The addresses of the steps of bringing a backup back.
const (
	restorePath  = backupPath + "/restore"
	unpackedPath = backupPath + "/found"
	restoredPath = backupPath + "/restored"
)

// LeftRestore is that a profile was left for its data to be replaced by those of a backup; it is opened again.
const LeftRestore Left = "restore"

// restoreView asks for the file of a backup.
type restoreView struct{ Failure *app.Error }

func (s *Server) askRestore(w http.ResponseWriter, r *http.Request) error {
	return s.showRestore(w, r, nil)
}

func (s *Server) showRestore(w http.ResponseWriter, r *http.Request, failed *app.Error) error {
	if _, err := s.backupOf(); err != nil {
		return err
	}
	status := http.StatusOK
	if failed != nil {
		status = statusOfForm(failed)
	}
	return s.pageStatus(w, r, status, Page{Title: words.T(r.Context(), "Restore a backup"), Section: SectionSettings}, restoreScreen(restoreView{failed}))
}

// lookAtBackup unpacks a backup beside the data while it is sent, and leads to what is in it. A page that is sent while the
// file still comes is not shown by browsers, so the rest is read whatever is wrong with it.
func (s *Server) lookAtBackup(w http.ResponseWriter, r *http.Request) error {
	b, err := s.backupOf()
	if err != nil {
		return err
	}
	body := &steady{Reader: r.Body, control: http.NewResponseController(w)}
	r.Body = io.NopCloser(body)
	err = ofBackup(s.unpack(r, b))
	if _, left := io.Copy(io.Discard, body); err == nil {
		err = left
	}
	if failed, known := asFailure(err); known {
		return s.showRestore(w, r, failed)
	}
	if errors.As(err, new(*http.MaxBytesError)) {
		return s.showRestore(w, r, failure.Field("file", failure.BackupLarge))
	}
	if err != nil {
		return failure.OfInside(err)
	}
	redirect(w, r, unpackedPath)
	return nil
}

// unpack unpacks the file of a form, in which its passphrase comes first.
func (s *Server) unpack(r *http.Request, b *Backup) error {
	if !s.restoring.TryLock() {
		return failure.New(failure.RestoreUnderWay)
	}
	defer s.restoring.Unlock()
	parts, err := r.MultipartReader()
	if err != nil {
		return failure.Field("file", failure.ChooseFile)
	}
	var passphrase []byte
	defer func() { clear(passphrase) }()
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return failure.Field("file", failure.ChooseFile)
		}
		if err != nil {
			return err
		}
		switch {
		case part.FormName() == "passphrase":
			if passphrase, err = io.ReadAll(io.LimitReader(part, secret.LongestPassphrase+1)); err != nil {
				return err
			}
		case part.FormName() != "file" || part.FileName() == "":
		case len(passphrase) == 0:
			return failure.Field("passphrase", failure.EnterPassphrase)
		default:
			_, err = b.Folder.Unpack(r.Context(), part, passphrase)
			return err
		}
	}
}

// steady is a request's body that may take as long as it likes, as long as parts of it come.
type steady struct {
	io.Reader
	control *http.ResponseController
}

func (s *steady) Read(p []byte) (int, error) {
	// What is done with the last part may take longer, and is answered after it.
	if err := errors.Join(s.control.SetReadDeadline(time.Now().Add(patience)), s.control.SetWriteDeadline(time.Now().Add(collecting))); err != nil {
		return 0, err
	}
	return s.Reader.Read(p)
}

// foundView asks before a backup takes the place of what is here.
type foundView struct {
	backup.Manifest
	Here  backup.Census
	Locks bool // there is a passphrase of the lock, which is set aside with the rest
}

// foundBackup shows what is in a backup, and what it would replace.
func (s *Server) foundBackup(w http.ResponseWriter, r *http.Request) error {
	b, err := s.backupOf()
	if err != nil {
		return err
	}
	m, waits := b.Folder.Unpacked()
	if !waits {
		redirect(w, r, restorePath)
		return nil
	}
	view := foundView{Manifest: m, Locks: s.protects()}
	if view.Here, err = b.Folder.LookAt(r.Context()); err != nil {
		return err
	}
	return s.page(w, r, Page{Title: words.T(r.Context(), "Restore this backup?"), Section: SectionSettings}, foundScreen(view))
}

// restore has the backup take the place of the data: the profile is closed for it, and opened again.
func (s *Server) restore(w http.ResponseWriter, r *http.Request) error {
	b, err := s.backupOf()
	if err != nil {
		return err
	}
	p, err := s.profilesOf()
	if err != nil {
		return err
	}
	if !s.restoring.TryLock() {
		return failure.New(failure.RestoreUnderWay)
	}
	defer s.restoring.Unlock()
	if m, waits := b.Folder.Unpacked(); waits && m.Mark() != r.PostFormValue("mark") { // another than was shown in this window
		redirect(w, r, unpackedPath)
		return nil
	}
	if err := b.Folder.Accept(); errors.Is(err, backup.ErrNothing) { // as in another window
		redirect(w, r, restorePath)
		return nil
	} else if err != nil {
		return failure.OfInside(err)
	}
	s.log.Info("the data are replaced by those of a backup")
	s.endsShow()
	s.gate.close()
	s.passOnTo(w, r, restoredWord)
	p.leave(LeftRestore)
	return nil
}

// discardBackup forgets what was unpacked.
func (s *Server) discardBackup(w http.ResponseWriter, r *http.Request) error {
	b, err := s.backupOf()
	if err != nil {
		return err
	}
	if !s.restoring.TryLock() {
		return failure.New(failure.RestoreUnderWay)
	}
	defer s.restoring.Unlock()
	if err := b.Folder.Discard(); errors.Is(err, backup.ErrAccepted) {
		return ofBackup(err)
	} else if err != nil {
		return failure.OfInside(err)
	}
	redirect(w, r, backupPath)
	return nil
}

// forgetUnpacked takes away what was unpacked and not accepted: the key lies in it in clear, and whoever locks or ends the program
// or leaves the profile does not come back to it.
func (s *Server) forgetUnpacked() {
	if s.backup == nil {
		return
	}
	s.restoring.Lock() // what is being unpacked is taken away by that
	defer s.restoring.Unlock()
	if err := s.backup.Folder.Discard(); err != nil && !errors.Is(err, backup.ErrAccepted) {
		s.log.Warn("what was unpacked of a backup is left until the next start", "error", err)
	}
}

// restoredView is what was restored.
type restoredView struct {
	backup.Restored
	Aside string // the folder in which lies what was here; empty where there was nothing
	Locks bool
}

// restoredBackup says what was restored, and what that means.
func (s *Server) restoredBackup(w http.ResponseWriter, r *http.Request) error {
	b, err := s.backupOf()
	if err != nil {
		return err
	}
	done, is := b.Folder.Restored()
	if !is {
		return storage.ErrNotFound
	}
	view := restoredView{Restored: done, Locks: s.protects()}
	if done.Aside != "" {
		view.Aside = filepath.Join(s.about.DataDir, done.Aside)
	}
	return s.page(w, r, Page{Title: words.T(r.Context(), "The backup was restored"), Section: SectionSettings}, restoredScreen(view))
}

// madeWords say when the last backup was made.
func madeWords(ctx context.Context, made time.Time) string {
	if made.IsZero() {
		return words.T(ctx, "No backup was made here yet.")
	}
	return words.T(ctx, "The last backup was made %s.", ui.MomentText(ctx, made))
}

// holdsWords say how much there is.
func holdsWords(ctx context.Context, c backup.Census) string {
	if c.Consents == 0 && c.Accounts == 0 {
		return words.T(ctx, "no accounts and no consents")
	}
	return commas(ctx, []string{
		words.N(ctx, c.Banks, "%d bank", "%d banks"), words.N(ctx, c.Consents, "%d consent", "%d consents"),
		words.N(ctx, c.Accounts, "%d account", "%d accounts"), words.N(ctx, c.Transactions, "%d transaction", "%d transactions"),
	})
}
