package frontend

import (
	"log/slog"
	"net"
	"net/http"
	"sync"

	"consentry/app"
	"consentry/app/profile"
)

const choosePath = "/profiles/choose"

// Who serves the page that asks who is there. No store is open while it does, and nothing of anybody is shown but the names.
type Who struct {
	http.Handler
	household profile.Household
	log       *slog.Logger
	server    *Server
	gate      gate
	chosen    chan string
	once      sync.Once
}

// NewWho returns the page, to be served at the listener's address. It speaks as the browser asks: nobody is there yet who has
// chosen a language.
func NewWho(household profile.Household, speech Speech, log *slog.Logger, listener net.Listener, sessions *Sessions) *Who {
	who := &Who{household: household, log: log, chosen: make(chan string, 1)}
	who.server = &Server{log: log, speech: speech, host: listener.Addr().String(), sessions: sessions}
	pages := http.NewServeMux()
	pages.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { who.answer(w, r, http.StatusOK, whoView{}) })
	pages.HandleFunc("POST "+choosePath, who.choose)
	pages.HandleFunc(presencePath, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusLocked) })
	mux := http.NewServeMux()
	mux.Handle(sessionsPath+"{place}/", who.server.inSession(pages))
	mux.Handle("/", who.server.outside())
	mux.Handle("GET "+startPath, who.server.firstAddress())
	who.Handler = who.server.protected(who.gate.before(withStatic(mux)))
	return who
}

// Chosen gets the id of the profile that was chosen.
func (who *Who) Chosen() <-chan string { return who.chosen }

// whoView is the page that asks who is there.
type whoView struct {
	All     []profile.Profile
	Failure *app.Error
}

// value is what a form says of a profile: the first has no id.
func (view whoView) value(one profile.Profile) string {
	if one.ID == profile.First {
		return "first"
	}
	return one.ID
}

func (who *Who) answer(w http.ResponseWriter, r *http.Request, status int, view whoView) {
	var err error
	if view.All, err = who.household.All(); err == nil {
		err = plainPage(w, r, status, whoPage(view))
	}
	if err != nil {
		who.log.Error("who is there could not be asked", "error", err)
	}
}

// choose takes who it is, and leads to their first screen in a session of its own: whoever else was asked who is there
// has not said that they are.
func (who *Who) choose(w http.ResponseWriter, r *http.Request) {
	id := r.PostFormValue("profile")
	if id == "first" {
		id = profile.First
	} else if id == profile.First {
		id = "none"
	}
	if _, err := who.household.Profile(id); err != nil { // it was removed meanwhile
		who.answer(w, r, http.StatusUnprocessableEntity, whoView{})
		return
	}
	first := false
	who.once.Do(func() {
		first = true
		who.gate.close()
		who.server.passOn(w, r)
		who.chosen <- id
	})
	if !first { // of two at one moment
		redirect(w, r, "/")
	}
}
