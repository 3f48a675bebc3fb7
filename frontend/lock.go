package frontend

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"consentry/app"
	"consentry/app/lock"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
)

const lockPath = "/settings/lock"

// unlocked lets nothing through from the moment at which the program is to be locked: the page of the lock answers next.
func (s *Server) unlocked(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.lock == nil || !s.lock.Locks() {
			next.ServeHTTP(w, r)
			return
		}
		var locking gate
		locking.close()
		locking.before(nil).ServeHTTP(w, r)
	})
}

// lockNow locks. The page that was open asks for the passphrase, and comes back with it.
func (s *Server) lockNow(w http.ResponseWriter, r *http.Request) error {
	if s.lock == nil || !s.lock.Protected() {
		redirect(w, r, lockPath)
		return nil
	}
	s.endsShow()
	s.lock.Now()
	redirect(w, r, cameFrom(r))
	return nil
}

// lockView is the lock's settings.
type lockView struct {
	Protected bool
	PlainLeft bool // of the key, in the keyring
	Choice    lock.Choice
	Failure   *app.Error
	Removing  bool // the failure is of taking it away
	Done      words.Text
}

// lockDone is what is said of what was done, by the word for it in the address.
var lockDone = map[string]words.Text{
	"set":     "The passphrase protects your key from now on.",
	"changed": "The passphrase is another one from now on.",
	"saved":   "Saved.",
	"removed": "There is no passphrase any more.",
}

// lockOf returns the lock, or that there is nothing here.
func (s *Server) lockOf() (*lock.Lock, error) {
	if s.lock == nil {
		return nil, storage.ErrNotFound
	}
	return s.lock, nil
}

func (s *Server) lockSettings(w http.ResponseWriter, r *http.Request) error {
	return s.showLock(w, r, lockView{Done: lockDone[r.URL.Query().Get("done")]})
}

func (s *Server) showLock(w http.ResponseWriter, r *http.Request, view lockView) error {
	l, err := s.lockOf()
	if err != nil {
		return err
	}
	if view.Choice, err = l.Choice(r.Context()); err != nil {
		return err
	}
	view.Protected, view.PlainLeft = l.Protected(), l.PlainLeft()
	status := http.StatusOK
	if view.Failure != nil {
		status = statusOfForm(view.Failure)
	}
	return s.pageStatus(w, r, status, Page{Title: words.T(r.Context(), "Lock"), Section: SectionSettings}, lockScreen(view))
}

// setPassphrase sets the passphrase, or another.
func (s *Server) setPassphrase(w http.ResponseWriter, r *http.Request) error {
	l, err := s.lockOf()
	if err != nil {
		return err
	}
	current, passphrase, again := []byte(r.PostFormValue("current")), []byte(r.PostFormValue("passphrase")), []byte(r.PostFormValue("again"))
	defer forgetForm(r, current, passphrase, again)
	changes := l.Protected()
	if err := l.Set(current, passphrase, again); err != nil {
		failed, known := asFailure(err)
		if !known {
			return err
		}
		return s.showLock(w, r, lockView{Failure: failed})
	}
	if changes {
		redirect(w, r, lockPath+"?done=changed")
	} else {
		redirect(w, r, lockPath+"?done=set")
	}
	return nil
}

// chooseLock keeps when it locks by itself, and what goes on meanwhile.
func (s *Server) chooseLock(w http.ResponseWriter, r *http.Request) error {
	l, err := s.lockOf()
	if err != nil {
		return err
	}
	minutes, err := strconv.Atoi(r.PostFormValue("after"))
	if err != nil {
		minutes = -1
	}
	err = l.Choose(r.Context(), lock.Choice{After: time.Duration(minutes) * time.Minute, ReadsGoOn: r.PostFormValue("reads") == "on"})
	if failed, known := asFailure(err); known {
		return s.showLock(w, r, lockView{Failure: failed})
	}
	if err != nil {
		return err
	}
	redirect(w, r, lockPath+"?done=saved")
	return nil
}

// takeLockAway takes the passphrase away.
func (s *Server) takeLockAway(w http.ResponseWriter, r *http.Request) error {
	l, err := s.lockOf()
	if err != nil {
		return err
	}
	current := []byte(r.PostFormValue("current"))
	defer forgetForm(r, current)
	if !l.Protected() {
		redirect(w, r, lockPath)
		return nil
	}
	err = l.TakeAway(current)
	if failed, known := asFailure(err); known {
		return s.showLock(w, r, lockView{Failure: failed, Removing: true})
	}
	if err != nil {
		return err
	}
	redirect(w, r, lockPath+"?done=removed")
	return nil
}

// afters are the times after which it may lock by itself.
func (view lockView) afters(ctx context.Context) []ui.Option {
	var options []ui.Option
	for _, after := range lock.Afters {
		minutes := int(after / time.Minute)
		label := words.N(ctx, minutes, "After %d minute", "After %d minutes")
		if minutes == 0 {
			label = words.T(ctx, "Only when I lock it")
		}
		options = append(options, ui.Option{Value: strconv.Itoa(minutes), Label: label, Chosen: after == view.Choice.After})
	}
	return options
}

// wrong is what is said at a field of the form that was sent.
func (view lockView) wrong(ctx context.Context, removing bool, field string) string {
	if view.Removing != removing {
		return ""
	}
	return fieldWords(ctx, view.Failure, field)
}

func (view lockView) passphrase(ctx context.Context, name string, label, hint words.Text, complete string, removing bool) ui.Field {
	id := name
	if removing {
		id = "removing-" + name
	}
	return ui.Field{Name: name, ID: id, Label: words.T(ctx, label), Hint: words.T(ctx, hint), Type: "password", Error: view.wrong(ctx, removing, name),
		Attrs: map[string]any{"autocomplete": complete, "spellcheck": "false"}}
}

// Returns takes returns from banks, for who answers in the place of the screens. What it answers names nothing.
func (s *Server) Returns() http.Handler { return s.plainly(s.callback) }
