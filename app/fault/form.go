package fault

import (
	"mime"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"consentry/app/failure"
	"consentry/storage"
)

// Kinds of what is answered.
const (
	AsTheBank = ""        // what the bank answers
	AStatus   = "status"  // a status, with a message code if there is one
	ABody     = "body"    // another body
	Garbage   = "garbage" // what is no JSON
	Cut       = "cut"     // nothing: the line is cut
	CutMiddle = "middle"  // half of what the bank answers
)

// Form is a fault as a person types it.
type Form struct {
	Bank      string // BIC; empty: all
	Operation string // or a group; empty: any
	Requests  string // how many
	Kind      string // of what is answered
	After     bool   // once the bank has done what it was asked for

	Delay, Slow     string // seconds
	Status, Code    string
	RetryAfter      string // seconds
	Body, MediaType string // the media type is said of whatever is answered
}

const (
	mostSeconds   = 20 // that an answer may take; the practice banks' own bound
	mostRequests  = 1000
	longestPause  = 24 * 60 * 60
	longestTyped  = 48 << 10 // a body, in bytes: the control takes 64 KB
	longestInWord = 100
)

// Fault returns what was typed, or fails at the fields.
func (f Form) Fault() (Fault, error) {
	t := typed{}
	set := Fault{Bank: f.Bank, Operation: f.Operation, Count: t.number("requests", f.Requests, 1, mostRequests), After: f.After}
	delay, slow := t.number("delay", f.Delay, 0, mostSeconds), t.number("slow", f.Slow, 0, mostSeconds)
	if set.Delay, set.Slow = seconds(delay), seconds(slow); delay+slow > mostSeconds {
		t.wrong("slow", storage.Reason{Code: failure.TooLongTogether, Of: mostSeconds})
	}
	if set.MediaType = strings.TrimSpace(f.MediaType); set.MediaType != "" && !isMediaType(set.MediaType) {
		t.wrong("media_type", storage.Reason{Code: failure.NotAMediaType})
	}
	switch f.Kind {
	case AsTheBank:
		if set.After = false; set.Delay == "" && set.Slow == "" && set.MediaType == "" {
			t.wrong("kind", storage.Reason{Code: failure.NothingGoesWrong})
		}
	case AStatus:
		f.status(t, &set)
	case ABody:
		f.body(t, &set)
	case Garbage:
		set.Garbage = true
	case CutMiddle:
		set.Middle, set.After = true, false
	case Cut:
		if set.Drop, set.MediaType = true, ""; set.Slow != "" {
			t.wrong("slow", storage.Reason{Code: failure.CutHasNoBody})
		}
	default:
		t.wrong("kind", storage.Reason{Code: failure.ChooseFromList})
	}
	if len(t) > 0 {
		return Fault{}, failure.Unchanged(t)
	}
	return set, nil
}

// status reads what belongs to a status.
func (f Form) status(t typed, set *Fault) {
	set.Status = t.number("status", f.Status, 200, 599)
	set.RetryAfter = t.number("retry_after", f.RetryAfter, 0, longestPause)
	set.Code = strings.TrimSpace(f.Code)
	switch {
	case len(set.Code) > longestInWord:
		t.wrong("code", storage.Reason{Code: failure.LongerThan, Of: longestInWord})
	case set.Code != "" && set.Status < http.StatusBadRequest:
		t.wrong("code", storage.Reason{Code: failure.CodeWithoutError})
	}
}

// body reads what belongs to another body; it may be empty, and have a status.
func (f Form) body(t typed, set *Fault) {
	set.Body = &f.Body
	if strings.TrimSpace(f.Status) != "" {
		set.Status = t.number("status", f.Status, 200, 599)
	}
	set.RetryAfter = t.number("retry_after", f.RetryAfter, 0, longestPause)
	switch {
	case len(f.Body) > longestTyped:
		t.wrong("body", storage.Reason{Code: failure.LongerThan, Of: longestTyped})
	case !utf8.ValidString(f.Body):
		t.wrong("body", storage.Reason{Code: failure.NotShowable})
	}
}

// typed collects what cannot be taken, by the field's name; the first that is said of a
// field stands.
type typed map[string]storage.Reason

func (t typed) wrong(field string, why storage.Reason) {
	if !t[field].Given() {
		t[field] = why
	}
}

// number reads a number in a range; where 0 is one of it, nothing typed is 0.
func (t typed) number(field, text string, lowest, highest int) int {
	if text = strings.TrimSpace(text); text == "" && lowest == 0 {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < lowest || n > highest {
		t.wrong(field, numberBetween(lowest, highest))
		return 0
	}
	return n
}

// seconds is a time as the control takes it.
func seconds(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n) + "s"
}

// isMediaType reports whether a text is one that goes into a header.
func isMediaType(text string) bool {
	kind, _, err := mime.ParseMediaType(text)
	return err == nil && strings.Contains(kind, "/") && len(text) <= longestInWord && !strings.ContainsAny(text, "\r\n")
}
