package frontend

import (
	"bytes"
	"io"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"consentry/app"
	"consentry/app/backup"
	"consentry/app/fresh"
	"consentry/app/lock"
	"consentry/app/profile"
	"consentry/storage"
)

// keeper is a program whose profile can be kept in a file.
type keeper struct {
	*testing.T
	dir    string
	screen *Server
	log    bytes.Buffer
	*httptest.Server
}

func newKeeper(t *testing.T) *keeper {
	t.Helper()
	t.Setenv("CONSENTRY_KEYRING", "off")
	k := &keeper{T: t}
	dir, key := fresh.Folder(t)
	k.dir = dir
	store, err := storage.Open(t.Context(), dir, key, time.Now)
	k.must(err)
	program := app.New(app.Config{Store: store})
	log := slog.New(slog.NewTextHandler(&k.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	k.screen = &Server{app: program, log: log, backup: &Backup{Folder: backup.In(dir, log), Source: backup.Source{Store: store, Key: key}}}
	k.screen.lock, err = lock.New(t.Context(), lock.Config{Store: store, Key: key})
	k.must(err)
	k.screen.profiles, err = NewProfiles(profile.At(dir), profile.First)
	k.must(err)
	mux := http.NewServeMux()
	for pattern, h := range k.screen.routes() {
		mux.Handle(pattern, k.screen.adapt(h))
	}
	k.Server = httptest.NewServer(k.screen.presented(mux))
	t.Cleanup(func() { k.Server.Close(); program.Close(); store.Close() })
	return k
}

func (k *keeper) must(err error) {
	k.Helper()
	if err != nil {
		k.Fatal(err)
	}
}

// asks sends the form for a backup.
func (k *keeper) asks(form url.Values) (status int, header http.Header, body string) {
	k.Helper()
	response, err := http.PostForm(k.URL+backupPath, form)
	k.must(err)
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	k.must(err)
	return response.StatusCode, response.Header, string(content)
}

// sends sends a file of a backup as a browser does, with its passphrase before it.
func (k *keeper) sends(passphrase string, file io.Reader) (status int, location, body string) {
	k.Helper()
	from, to := io.Pipe()
	form := multipart.NewWriter(to)
	go func() {
		err := form.WriteField("passphrase", passphrase)
		if part, failed := form.CreateFormFile("file", "all"+backup.Extension); err == nil && failed == nil {
			_, err = io.Copy(part, file)
		}
		if err == nil {
			err = form.Close()
		}
		to.CloseWithError(err)
	}()
	client := *http.DefaultClient
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	response, err := client.Post(k.URL+restorePath, form.FormDataContentType(), from)
	k.must(err)
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	k.must(err)
	return response.StatusCode, response.Header.Get("Location"), string(content)
}

const ottersOnARaft, ofTheLock = "three otters on a raft", "kastanje under en paraply"

// TestBackupAsksForTheLock hands out a backup to who says the lock's passphrase, also while they present, and takes it back.
// No passphrase is in the log.
func TestBackupAsksForTheLock(t *testing.T) {
	k := newKeeper(t)
	k.must(k.screen.lock.Set(nil, []byte(ofTheLock), []byte(ofTheLock)))
	k.must(k.screen.app.SetPresenting(t.Context(), app.Presenting{On: true, HideAmounts: true}))
	form := url.Values{"passphrase": {ottersOnARaft}, "again": {ottersOnARaft}}
	if status, _, page := k.asks(form); status != http.StatusUnprocessableEntity || !strings.Contains(page, "This is not the passphrase.") {
		t.Fatalf("without the lock's: %d %s", status, page)
	}
	form.Set("current", ofTheLock)
	status, header, made := k.asks(form)
	if status != http.StatusOK || !strings.HasPrefix(made, "age-encryption.org/v1\n") || !strings.Contains(header.Get("Content-Disposition"), backup.Extension) {
		t.Fatalf("%d %v", status, header)
	}
	if k.screen.backup.Folder.Made().IsZero() {
		t.Error("it is not noted")
	}
	if status, to, page := k.sends(ottersOnARaft, strings.NewReader(made)); status != http.StatusSeeOther || to != unpackedPath {
		t.Errorf("%d to %q: %s", status, to, page)
	}
	if said := k.log.String(); strings.Contains(said, "otters") || strings.Contains(said, "kastanje") {
		t.Errorf("the log says a passphrase: %s", said)
	}
}

// TestAnotherThanWasShown restores no backup that another window put in the place of the one that was shown, and keeps none that
// nobody said yes to when the screens are left.
func TestAnotherThanWasShown(t *testing.T) {
	k := newKeeper(t)
	form := url.Values{"passphrase": {ottersOnARaft}, "again": {ottersOnARaft}}
	marks := map[string]bool{}
	for range 2 {
		_, _, made := k.asks(form)
		if status, _, page := k.sends(ottersOnARaft, strings.NewReader(made)); status != http.StatusSeeOther {
			t.Fatalf("%d %s", status, page)
		}
		m, _ := k.screen.backup.Folder.Unpacked()
		marks[m.Mark()] = true
	}
	if len(marks) != 2 {
		t.Fatalf("two backups have the marks %v", marks)
	}
	m, _ := k.screen.backup.Folder.Unpacked()
	delete(marks, m.Mark())
	client := *http.DefaultClient
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for shown := range marks {
		response, err := client.PostForm(k.URL+unpackedPath, url.Values{"mark": {shown}})
		k.must(err)
		response.Body.Close()
		if to := response.Header.Get("Location"); to != unpackedPath {
			t.Errorf("the other one leads to %q", to)
		}
	}
	if _, waits := k.screen.backup.Folder.Unpacked(); !waits {
		t.Error("it does not wait any more")
	}
	k.screen.forgetUnpacked()
	if left, _ := filepath.Glob(filepath.Join(k.dir, "restoring")); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// TestBackupIsReadToItsEnd says what is wrong with a file of any size when all of it came, and keeps none of it in memory or
// on the disk.
func TestBackupIsReadToItsEnd(t *testing.T) {
	k := newKeeper(t)
	large := &zeros{left: 256 << 20}
	status, _, page := k.sends(ottersOnARaft, large)
	if status != http.StatusUnprocessableEntity || !strings.Contains(page, "This file is no backup of Consentry.") {
		t.Errorf("%d %s", status, page)
	}
	if large.left > 0 {
		t.Errorf("%d bytes were not read", large.left)
	}
	if left, _ := filepath.Glob(filepath.Join(k.dir, "restoring")); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
	for passphrase, says := range map[string]string{"": "Enter your passphrase."} {
		if status, _, page := k.sends(passphrase, strings.NewReader("x")); status != http.StatusUnprocessableEntity || !strings.Contains(page, says) {
			t.Errorf("%q: %d %s", passphrase, status, page)
		}
	}
	if status, to, _ := k.asks(url.Values{}); status != http.StatusUnprocessableEntity || to == nil {
		t.Errorf("a backup without a passphrase: %d", status)
	}
}

// zeros gives so many bytes.
type zeros struct{ left int }

func (c *zeros) Read(p []byte) (int, error) {
	if c.left == 0 {
		return 0, io.EOF
	}
	n := min(len(p), c.left)
	c.left -= n
	return n, nil
}
