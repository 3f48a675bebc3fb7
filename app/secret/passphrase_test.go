package secret

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zalando/go-keyring"
)

const old, other = "correct horse battery", "ანბანი åäö 17"

// onDisk is a keyring that behaves and outlives a process.
func onDisk(dir string) *ring {
	entry := func(account string) string { return filepath.Join(dir, account) }
	return &ring{
		set: func(_, account, value string) error { return os.WriteFile(entry(account), []byte(value), 0o600) },
		get: func(_, account string) (string, error) {
			value, err := os.ReadFile(entry(account))
			if errors.Is(err, fs.ErrNotExist) {
				err = keyring.ErrNotFound
			}
			return string(value), err
		},
		del: func(_, account string) error {
			err := os.Remove(entry(account))
			if errors.Is(err, fs.ErrNotExist) {
				err = keyring.ErrNotFound
			}
			return err
		},
	}
}

func mustOpen(t *testing.T, l loader, passphrase string) *Box {
	t.Helper()
	_, err := l.load()
	var locked *Locked
	if !errors.As(err, &locked) {
		t.Fatalf("loaded with %v", err)
	}
	box, err := locked.Open([]byte(passphrase))
	if err != nil {
		t.Fatal(err)
	}
	return box
}

// TestPassphrase sets one, changes it and takes it away, with the key in a file and in a keyring.
func TestPassphrase(t *testing.T) {
	for name, keys := range map[string]*ring{"file": nil, "keyring": onDisk(t.TempDir())} {
		t.Run(name, func(t *testing.T) {
			l := with(t.TempDir(), keys)
			box := mustLoad(t, l)
			plain := box.Source()
			for _, passphrase := range []string{old, other} {
				if err := box.Protect([]byte(passphrase)); err != nil {
					t.Fatal(err)
				}
				if got, want := names(t, l.dir), "key.lock wrapped.key "; got != want || !box.Protected() {
					t.Fatalf("the folder holds %s, protected %v", got, box.Protected())
				}
				sameKey(t, box, mustOpen(t, l, passphrase))
			}
			if err := box.Check([]byte(old)); !errors.Is(err, ErrPassphrase) {
				t.Errorf("the former passphrase: %v", err)
			}
			if err := box.Unprotect(); err != nil {
				t.Fatal(err)
			}
			again := mustLoad(t, l)
			sameKey(t, box, again)
			if again.Source() != plain || box.Source() != plain || box.Protected() {
				t.Errorf("the key lies in %q and %q, before in %q", again.Source(), box.Source(), plain)
			}
		})
	}
}

// Letters composed and in parts are one passphrase.
func TestPassphraseOfAnotherKeyboard(t *testing.T) {
	l := with(t.TempDir(), nil)
	box := mustLoad(t, l)
	if err := box.Protect([]byte("fr\u00e5gor till dig")); err != nil {
		t.Fatal(err)
	}
	sameKey(t, box, mustOpen(t, l, "fra\u030agor till dig"))
}

// A keyring that is away keeps its copy, which is said, and taken away as soon as it answers.
func TestCopyInAKeyringThatIsAway(t *testing.T) {
	keys := onDisk(t.TempDir())
	l := with(t.TempDir(), keys)
	box := mustLoad(t, l)
	box.home.ring = nil
	if err := box.Protect([]byte(old)); err != nil {
		t.Fatal(err)
	}
	if !box.PlainLeft() {
		t.Error("the copy that is left is not told of")
	}
	if box = mustOpen(t, l, old); box.PlainLeft() {
		t.Error("the copy is left although the keyring answers")
	}
}

// TestWrappedFileIsNotTrusted refuses files that a hand has changed, and such as would take the machine's memory.
func TestWrappedFileIsNotTrusted(t *testing.T) {
	l := with(t.TempDir(), nil)
	if err := mustLoad(t, l).Protect([]byte(old)); err != nil {
		t.Fatal(err)
	}
	path := l.path(wrappedFile)
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"empty":              "",
		"cut short":          string(good[:len(good)/2]),
		"a line more":        string(good) + "\n",
		"four GiB":           strings.Replace(string(good), "m=8192", "m=4194304", 1),
		"a million passes":   strings.Replace(string(good), "t=1", "t=1000000", 1),
		"more than a number": strings.Replace(string(good), "m=8192", "m=99999999999999", 1),
		"no memory":          strings.Replace(string(good), "m=8192", "m=8", 1),
		"no threads":         strings.Replace(string(good), "p=1", "p=0", 1),
		"another way":        strings.Replace(string(good), "argon2id", "argon2i", 1),
		"blanks":             strings.Replace(string(good), "salt ", "salt  ", 1),
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := l.load(); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for i := range good {
		changed := bytes.Clone(good)
		changed[i] ^= 1
		w, err := decodeWrapped(string(changed))
		if err != nil || i > bytes.Index(good, []byte("proof")) {
			continue
		}
		if i%7 != 0 { // each takes a derivation
			continue
		}
		if _, err := w.open([]byte(old)); !errors.Is(err, ErrOpen) {
			t.Errorf("byte %d changed: %v", i, err)
		}
	}
}

// Beside a wrapped key a plain one of other data is not taken away: one of the two would be lost.
func TestAnotherKeyBesideAWrappedOne(t *testing.T) {
	l := with(t.TempDir(), nil)
	if err := mustLoad(t, l).Protect([]byte(old)); err != nil {
		t.Fatal(err)
	}
	foreign := encodeKey(bytes.Repeat([]byte{7}, 32))
	if err := os.WriteFile(l.path(keyFile), []byte(foreign), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := l.load(); !errors.Is(err, ErrDamaged) {
		t.Errorf("loaded with %v", err)
	}
	if after, _ := os.ReadFile(l.path(keyFile)); string(after) != foreign {
		t.Error("the other key is gone")
	}
}

// TestWrongPassphrases guesses as fast as is allowed, with a new start before each guess, and then says the right one.
func TestWrongPassphrases(t *testing.T) { guesses(t, 50, 40*time.Minute) }

// TestJourneyAThousandWrongPassphrases is the same, a thousand times.
func TestJourneyAThousandWrongPassphrases(t *testing.T) {
	if os.Getenv("CONSENTRY_JOURNEYS") != "1" { // each guess costs what it is to cost: ten seconds together
		t.Skip("a long journey; make journeys goes on it (CONSENTRY_JOURNEYS=1)")
	}
	guesses(t, 1000, 16*time.Hour)
}

func guesses(t *testing.T, times int, least time.Duration) {
	t.Helper()
	now := time.Date(2026, 11, 30, 6, 0, 0, 0, time.UTC)
	l := with(t.TempDir(), nil)
	l.now = func() time.Time { return now }
	box := mustLoad(t, l)
	if err := box.Protect([]byte(old)); err != nil {
		t.Fatal(err)
	}
	began := now
	for i := range times {
		_, err := l.load()
		var locked *Locked
		if !errors.As(err, &locked) {
			t.Fatal(err)
		}
		for {
			_, err := locked.Open([]byte(fmt.Sprint("wrong ", i)))
			if wait := (*WaitError)(nil); errors.As(err, &wait) {
				if wait.For <= 0 || wait.For > longestWait || wait.For != locked.Wait() {
					t.Fatalf("guess %d waits %s, and %s", i, wait.For, locked.Wait())
				}
				now = now.Add(wait.For)
				continue
			}
			if !errors.Is(err, ErrPassphrase) {
				t.Fatalf("guess %d: %v", i, err)
			}
			break
		}
	}
	if took := now.Sub(began); took < least {
		t.Errorf("%d guesses took %s", times, took)
	}
	now = now.Add(longestWait)
	sameKey(t, box, mustOpen(t, l, old))
	if _, left := l.readTries(); left != 0 {
		t.Error("the right passphrase did not end the wait")
	}
}

// TestWaits is the rule, one line for each number of wrong passphrases.
func TestWaits(t *testing.T) {
	for wrong, want := range map[int]time.Duration{
		0: 0, 1: 0, 2: 0, 3: time.Second, 4: 2 * time.Second, 5: 4 * time.Second, 8: 32 * time.Second, 9: time.Minute, 10: time.Minute, 1_000_000: time.Minute,
	} {
		if got := (tries{wrong: wrong}).wait(); got != want {
			t.Errorf("after %d wrong ones: %s, want %s", wrong, got, want)
		}
	}
}

// A clock that is set back makes nobody wait for longer, nor is the wait ever without end.
func TestClockSetBack(t *testing.T) {
	now := time.Date(2026, 11, 30, 6, 0, 0, 0, time.UTC)
	l := with(t.TempDir(), nil)
	l.now = func() time.Time { return now }
	if err := l.writeTries(tries{20, now}); err != nil {
		t.Fatal(err)
	}
	now = now.AddDate(-1, 0, 0)
	if _, left := l.readTries(); left != longestWait {
		t.Errorf("waits %s", left)
	}
	now = now.Add(longestWait)
	if _, left := l.readTries(); left != 0 {
		t.Errorf("still waits %s", left)
	}
}

// Several that guess at once are heard one after the other, and wait as one would.
func TestGuessesAtOnce(t *testing.T) {
	l := with(t.TempDir(), nil)
	if err := mustLoad(t, l).Protect([]byte(old)); err != nil {
		t.Fatal(err)
	}
	var tried, waited int
	var mu sync.Mutex
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			_, err := (&Locked{home: l}).Open([]byte("wrong again"))
			mu.Lock()
			defer mu.Unlock()
			if wait := (*WaitError)(nil); errors.As(err, &wait) {
				waited++
			} else if errors.Is(err, ErrPassphrase) {
				tried++
			}
		})
	}
	all.Wait()
	if tried+waited != 20 || tried > freeTries+2 { // the first second may pass meanwhile
		t.Errorf("%d were tried and %d had to wait", tried, waited)
	}
}

// An erased key is out of the box, and nothing is sealed or opened with it.
func TestErase(t *testing.T) {
	box := testBox(t, 1)
	key := box.key
	sealed := box.Seal("c", []byte("plain"))
	box.Erase()
	if !bytes.Equal(key, make([]byte, 32)) {
		t.Error("the key is still there")
	}
	if _, err := box.Open("c", sealed); !errors.Is(err, ErrOpen) {
		t.Errorf("opened: %v", err)
	}
	if box.Seal("c", nil) != nil {
		t.Error("something was sealed")
	}
	box.Erase()
}

// A letter is opened by the box it was sealed to.
func TestLetters(t *testing.T) {
	box := testBox(t, 1)
	letters, err := box.Letterbox()
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := letters.Seal([]byte("code=17"))
	if err != nil || bytes.Contains(sealed, []byte("code")) {
		t.Fatal(sealed, err)
	}
	if letter, err := box.OpenLetter(sealed); err != nil || string(letter) != "code=17" {
		t.Errorf("%q, %v", letter, err)
	}
	if _, err := testBox(t, 2).OpenLetter(sealed); !errors.Is(err, ErrOpen) {
		t.Errorf("another box: %v", err)
	}
}

// What tells the test binary to be the program that is killed, with which key in which folder, at what, and when.
const killedAt = "CONSENTRY_TEST_PASSPHRASE"

// acts are what can be done to a key, on a folder that is as before says.
var acts = map[string]struct {
	before string // the passphrase; empty without one
	after  string
	do     func(l loader, box *Box) error
}{
	"set":       {"", old, func(_ loader, box *Box) error { return box.Protect([]byte(old)) }},
	"change":    {old, other, func(_ loader, box *Box) error { return box.Protect([]byte(other)) }},
	"take away": {old, "", func(_ loader, box *Box) error { return box.Unprotect() }},
	"start over": {old, "", func(l loader, _ *Box) error {
		return l.startOver(func(next *Box) error { return reseal(l.dir, next) })
	}},
}

const marked = "marked"

// reseal stands for a database that belongs to a key from one moment to the next.
func reseal(dir string, key *Box) error {
	return writeFile(filepath.Join(dir, marked), string(key.Seal("marked", []byte("of this key"))))
}

func belongsTo(dir string) func(*Box) (bool, error) {
	return func(key *Box) (bool, error) {
		sealed, err := os.ReadFile(filepath.Join(dir, marked))
		if err != nil {
			return false, err
		}
		_, err = key.Open("marked", sealed)
		return err == nil, nil
	}
}

// opens opens a folder with the passphrase that was before an act or is after it.
func opens(l loader, passphrases ...string) (*Box, string, error) {
	if err := l.finish(belongsTo(l.dir)); err != nil {
		return nil, "", err
	}
	box, err := l.load()
	var locked *Locked
	if !errors.As(err, &locked) {
		return box, "", err
	}
	for _, passphrase := range passphrases {
		if box, err = locked.Open([]byte(passphrase)); err == nil {
			return box, passphrase, nil
		}
	}
	return nil, "", err
}

// TestKilledWhileLocking kills a process with SIGKILL at each step of each act, with the key in a file and in a keyring. Each
// time the data open as before or as after, and no plain copy of a protected key is left.
func TestKilledWhileLocking(t *testing.T) {
	if told := os.Getenv(killedAt); told != "" {
		actUntilKilled(t, strings.Split(told, "|"))
		return
	}
	for name, act := range acts {
		for _, where := range []string{"file", "keyring"} {
			for step := 0; ; step++ {
				dir, entries := t.TempDir(), t.TempDir()
				l := with(dir, nil)
				if where == "keyring" {
					l.ring = onDisk(entries)
				}
				box := mustLoad(t, l)
				if err := reseal(dir, box); err != nil {
					t.Fatal(err)
				}
				if act.before != "" {
					if err := box.Protect([]byte(act.before)); err != nil {
						t.Fatal(err)
					}
				}
				child := exec.Command(os.Args[0], "-test.run=^TestKilledWhileLocking$")
				child.Env = append(os.Environ(), killedAt+"="+strings.Join([]string{name, where, dir, entries, fmt.Sprint(step)}, "|"))
				out, err := child.CombinedOutput()
				killed := err != nil && !strings.Contains(string(out), "FAIL")
				if err != nil && !killed {
					t.Fatalf("%s, %s, step %d: %v\n%s", name, where, step, err, out)
				}
				what := fmt.Sprintf("%s, %s, killed at step %d (%v)", name, where, step, killed)
				got, with, err := opens(l, act.before, act.after)
				if err != nil {
					t.Fatalf("%s: nothing opens it: %v", what, err)
				}
				if !killed && with != act.after {
					t.Errorf("%s: opens with %q", what, with)
				}
				if is, err := belongsTo(dir)(got); !is {
					t.Errorf("%s: another key than the data's: %v", what, err)
				}
				plain := names(t, entries)
				left := names(t, dir)
				if strings.Contains(left, ".key-") || strings.Contains(left, nextFile) {
					t.Errorf("%s: left %s", what, left)
				}
				if protected := strings.Contains(left, wrappedFile); protected && (plain != "" || strings.Contains(left, keyFile) || strings.Contains(left, accountFile)) || protected != got.Protected() {
					t.Errorf("%s: beside the wrapped key lie %sand in the keyring %s", what, left, plain)
				}
				if !killed {
					break
				}
			}
		}
	}
}

func actUntilKilled(t *testing.T, told []string) {
	name, where, dir, entries := told[0], told[1], told[2], told[3]
	l := with(dir, nil)
	if where == "keyring" {
		l.ring = onDisk(entries)
	}
	act := acts[name]
	box, _, err := opens(l, act.before)
	if err != nil {
		t.Fatal(err)
	}
	step := 0
	box.home.at = func(string) {
		if fmt.Sprint(step) == told[4] {
			if self, err := os.FindProcess(os.Getpid()); err == nil {
				self.Kill()
			}
			select {}
		}
		step++
	}
	if err := act.do(box.home, box); err != nil {
		t.Fatal(err)
	}
}
