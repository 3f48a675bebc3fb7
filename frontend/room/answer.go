package room

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"mime"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"time"

	"consentry/frontend/words"
)

// Bounds of a request and of what it waits for.
const (
	maxForm    = 4 << 10
	answerWait = 8 * time.Second
)

// cookieName is of the cookie by which the phone is known that was let in.
const cookieName = "phone"

// answer answers every request there is.
func (r *Room) answer(w http.ResponseWriter, req *http.Request) {
	from := addrOf(remote(req.RemoteAddr))
	if !r.asksForPage(req) {
		r.refuse(w, from, Refused)
		return
	}
	session, let := r.knows(req)
	switch {
	case !r.paced(let):
		r.refuse(w, from, TooMany)
	case session != "" && !let:
		r.refuse(w, from, Other)
	case let:
		r.shows(w, req)
	case req.Method == http.MethodPost:
		r.takesCode(w, req, from)
	default:
		r.note(from, Looked)
		r.asksCode(w, http.StatusOK, "")
	}
}

// asksForPage reports whether a request is one of a browser for the one page, or of the form
// on it: by its method, its host, its path as it came, letter by letter, and its origin.
func (r *Room) asksForPage(req *http.Request) bool {
	path := subtle.ConstantTimeCompare([]byte(req.RequestURI), []byte(r.path())) == 1
	if !path || req.Host != r.host || len(req.TransferEncoding) > 0 || req.Header.Get("Upgrade") != "" {
		return false
	}
	switch req.Method {
	case http.MethodGet:
		return req.ContentLength == 0
	case http.MethodPost:
		kind, _, err := mime.ParseMediaType(req.Header.Get("Content-Type"))
		return err == nil && kind == "application/x-www-form-urlencoded" && req.ContentLength <= maxForm &&
			req.Header.Get("Origin") == "http://"+r.host
	}
	return false
}

// knows returns the session of the phone that is let in, and whether a request is of that phone.
func (r *Room) knows(req *http.Request) (session string, let bool) {
	r.mu.Lock()
	session = r.session
	r.mu.Unlock()
	cookie, err := req.Cookie(cookieName)
	if err != nil || session == "" {
		return session, false
	}
	return session, subtle.ConstantTimeCompare([]byte(cookie.Value), []byte(session)) == 1
}

// paced reports whether the phone, or all others together, have not asked too often. So
// nobody keeps the phone out that is let in.
func (r *Room) paced(phone bool) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.end == "" && r.pace[phone].takes(r.Now())
}

// refuse answers with nothing, to whatever it was.
func (r *Room) refuse(w http.ResponseWriter, from netip.Addr, kind Kind) {
	r.note(from, kind)
	w.Header()["Date"] = nil // so that it is what the door writes, too
	w.Header().Set("Content-Length", "0")
	w.WriteHeader(http.StatusNotFound)
}

// takesCode lets a phone in that has the code, and no other from then on.
func (r *Room) takesCode(w http.ResponseWriter, req *http.Request, from netip.Addr) {
	ctx := words.With(req.Context(), r.Language)
	typed, ok := form(w, req)
	if !ok {
		r.refuse(w, from, Refused)
		return
	}
	switch verdict, lock, session := r.unlock(strings.Join(strings.Fields(typed.Get("code")), ""), from); {
	case verdict == broken:
		r.note(from, WrongCode)
		r.asksCode(w, http.StatusForbidden, words.T(ctx, "That was one wrong code too many. This page is closed; it can be opened again on the screen."))
		if r.ends(TooManyCodes) {
			go r.leave() // which lets this be written
		}
	case verdict == soon:
		r.note(from, TooSoon)
		r.asksCode(w, http.StatusTooManyRequests, words.N(ctx, lock.waits(r.Now()), "Wait %d second, then type the code again.", "Wait %d seconds, then type the code again."))
	case verdict == wrong:
		r.note(from, WrongCode)
		r.asksCode(w, http.StatusUnprocessableEntity, words.T(ctx, "That is not the code on the screen.")+" "+
			words.N(ctx, lock.left(), "It may be wrong %d more time.", "It may be wrong %d more times."))
	case verdict == late:
		r.refuse(w, from, Refused)
	case session == "":
		r.refuse(w, from, Other)
	default:
		r.note(from, Entered)
		http.SetCookie(w, &http.Cookie{Name: cookieName, Value: session, Path: r.path(), MaxAge: int(Life / time.Second), HttpOnly: true, SameSite: http.SameSiteStrictMode})
		r.headers(w, "")
		w.Header().Set("Location", r.path())
		w.WriteHeader(http.StatusSeeOther)
	}
}

// unlock tries a code. The session is new where it is right; empty where another phone was
// faster.
func (r *Room) unlock(typed string, from netip.Addr) (verdict, lock, string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.end != "":
		return late, r.lock, ""
	case r.session != "":
		return right, r.lock, ""
	}
	v := r.lock.try(typed, r.Now())
	if v != right {
		return v, r.lock, ""
	}
	r.session, r.phone = secret(), from
	return v, r.lock, r.session
}

// asksCode shows the page before the phone's.
func (r *Room) asksCode(w http.ResponseWriter, status int, mistake string) {
	var page bytes.Buffer
	if err := locked(mistake).Render(words.With(context.Background(), r.Language), &page); err != nil {
		r.fails(w, err)
		return
	}
	r.write(w, status, page.String(), style)
}

// shows does on the phone what was done there, and shows it.
func (r *Room) shows(w http.ResponseWriter, req *http.Request) {
	var deed Deed
	from := addrOf(remote(req.RemoteAddr))
	if req.Method == http.MethodPost {
		did, ok := form(w, req)
		if !ok {
			r.refuse(w, from, Refused)
			return
		}
		deed.Form = url.Values{}
		for _, field := range r.Fields {
			if did.Has(field) {
				deed.Form[field] = did[field]
			}
		}
	}
	deed.Language = req.Header.Get("Accept-Language")
	done := r.act()
	if done == nil {
		r.refuse(w, from, Refused)
		return
	}
	defer done()
	ctx, cancel := context.WithTimeout(req.Context(), answerWait)
	defer cancel()
	screen, err := r.Do(ctx, deed)
	if err != nil {
		r.fails(w, err)
		return
	}
	r.write(w, http.StatusOK, screen.Page, screen.Style)
	if !screen.Over {
		return
	}
	end := NotAsked
	if deed.answers() {
		end = Answered
	}
	if r.ends(end) {
		go r.leave() // which lets this be written
	}
}

// fails says that there is nothing to show.
func (r *Room) fails(w http.ResponseWriter, err error) {
	r.Log.Error("the practice phone in the room shows nothing", "error", err)
	ctx := words.With(context.Background(), r.Language)
	r.headers(w, "")
	http.Error(w, words.T(ctx, "The practice bank does not answer. Try again."), http.StatusBadGateway)
}

func (r *Room) write(w http.ResponseWriter, status int, page, style string) {
	r.headers(w, style)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Length", strconv.Itoa(len(page)))
	w.WriteHeader(status)
	_, _ = w.Write([]byte(page)) // the only error left is a phone that went away
}

// headers let a page load nothing, run nothing, and send its form back here alone. A referrer
// stays here; with none, browsers would not say where a form comes from.
func (r *Room) headers(w http.ResponseWriter, style string) {
	policy := "default-src 'none'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
	if style != "" {
		sum := sha256.Sum256([]byte(style))
		policy += "; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	for name, value := range map[string]string{
		"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin",
		"Cache-Control": "no-store", "Cross-Origin-Resource-Policy": "same-origin", "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
	} {
		w.Header().Set(name, value)
	}
}

// remote is an address as the server tells it.
type remote string

func (r remote) Network() string { return "tcp" }
func (r remote) String() string  { return string(r) }
