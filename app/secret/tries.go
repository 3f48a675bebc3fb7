package secret

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// tries are the wrong passphrases since the last right one. They are counted in a file: neither another start nor another
// program goes round the wait. Whoever can take the file away can read the wrapped key and guess elsewhere.
type tries struct {
	wrong int
	last  time.Time
}

const (
	freeTries   = 3               // typing mistakes that cost nothing
	longestWait = 1 * time.Minute // whoever guesses for somebody else keeps them out for no longer
)

// wait is how long after the last wrong one the next is heard.
func (t tries) wait() time.Duration {
	doublings := t.wrong - freeTries
	if doublings < 0 {
		return 0
	}
	return min(longestWait, time.Second<<min(doublings, 10))
}

// readTries returns those that were counted, and how long the next has to wait. A clock that was set back does not make the
// wait longer than it is.
func (l loader) readTries() (t tries, left time.Duration) {
	text, err := readPrivate(l.path(triesFile))
	if err != nil {
		return t, 0
	}
	var last int64
	if _, err := fmt.Sscanf(text, "%d %d\n", &t.wrong, &last); err != nil || t.wrong < 0 {
		return tries{}, 0
	}
	now := l.now()
	t.last = time.UnixMilli(last)
	if t.last.After(now) {
		t.last = now
		_ = l.writeTries(t) // else the wait would begin anew at each look
	}
	return t, max(0, t.wait()-now.Sub(t.last))
}

func (l loader) writeTries(t tries) error {
	return writeFile(l.path(triesFile), fmt.Sprintf("%d %d\n", t.wrong, t.last.UnixMilli()))
}

func (l loader) forgetTries() error {
	if err := os.Remove(l.path(triesFile)); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
