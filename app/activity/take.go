package activity

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/google/uuid"

	"consentry/app/bank"
	"consentry/storage"
	"consentry/xs2a/record"
	"consentry/xs2a/record/curl"
	"consentry/xs2a/record/har"
	"consentry/xs2a/record/httpfile"
	"consentry/xs2a/record/postman"
	"consentry/xs2a/record/script"
)

// Format is a form in which exchanges are taken along.
type Format string

// The forms.
const (
	HAR      Format = "har"     // HTTP Archive 1.2
	Postman  Format = "postman" // a collection (2.1) with its environment
	HTTPFile Format = "http"    // for editors
	Curl     Format = "curl"    // a script of the shell, with the file of its variables
)

// Formats lists them, the most used first.
func Formats() []Format { return []Format{HAR, Postman, HTTPFile, Curl} }

// mostTaken bounds how many exchanges are taken along at once.
const mostTaken = 1000

// Choice is which exchanges are taken along: one, else those that are looked for.
type Choice struct {
	ID    int64
	Query storage.ExchangeQuery
}

// Taking is what a person takes along.
type Taking struct {
	Exchanges []record.Exchange // in the order in which they were recorded
	More      bool              // there are older ones that are not among them
	Word      string            // what a file's name says of them, in letters of ASCII; may be empty

	masked bool
	flows  map[string]flowOf
	script script.Script
}

// flowOf is what is known of a flow.
type flowOf struct {
	name   string
	word   string
	holder storage.Subject // whose credentials are used in it; empty: nobody's
	at     string          // the environment; empty: not known
}

// Take returns what a person takes along, or storage.ErrNotFound where there is
// nothing.
func (r *Record) Take(ctx context.Context, c Choice) (Taking, error) {
	all, more, err := r.chosen(ctx, c)
	if err != nil {
		return Taking{}, err
	}
	if len(all) == 0 {
		return Taking{}, storage.ErrNotFound
	}
	t := TakingOf(all, more)
	for _, e := range all {
		if _, known := t.flows[e.FlowID]; known {
			continue
		}
		of, err := r.flowOf(ctx, e)
		if err != nil {
			return t, err
		}
		t.flows[e.FlowID] = of
	}
	if len(t.flows) == 1 {
		t.Word = t.flows[all[0].FlowID].word
	}
	return t, nil
}

// chosen are the exchanges of a choice, the first first, and whether there are more.
func (r *Record) chosen(ctx context.Context, c Choice) (all []record.Exchange, more bool, err error) {
	if c.ID != 0 {
		e, err := r.store.Exchange(ctx, c.ID)
		return []record.Exchange{e.Exchange}, false, err
	}
	found, err := r.store.Exchanges(ctx, c.Query, mostTaken+1)
	if err != nil {
		return nil, false, err
	}
	if more = len(found) > mostTaken; more {
		found = found[:mostTaken]
	}
	for _, e := range slices.Backward(found) {
		all = append(all, e.Exchange)
	}
	return all, more, nil
}

// TakingOf is what a person takes along of whose flows nothing is known. There is one
// exchange at least.
func TakingOf(exchanges []record.Exchange, more bool) Taking {
	return Taking{Exchanges: exchanges, More: more, flows: map[string]flowOf{}, script: script.New(exchanges)}
}

// Masked is what is taken along with other names and numbers in it: addresses as the one says, headers, bodies
// and errors as the other. The files' names begin with "masked".
func (t Taking) Masked(address, text func(string) string) Taking {
	message := func(m record.Message) record.Message {
		m.Body, m.Header = text(m.Body), slices.Clone(m.Header)
		for i := range m.Header {
			m.Header[i].Value = text(m.Header[i].Value)
		}
		return m
	}
	exchanges := slices.Clone(t.Exchanges)
	for i := range exchanges {
		e := &exchanges[i]
		e.URL, e.Error, e.Request, e.Answer = address(e.URL), text(e.Error), message(e.Request), message(e.Answer)
	}
	masked := TakingOf(exchanges, t.More)
	masked.Word, masked.flows, masked.masked = t.Word, t.flows, true
	return masked
}

// flowOf tells of a flow what its files say, and whose secrets are used in it.
func (r *Record) flowOf(ctx context.Context, e record.Exchange) (flowOf, error) {
	fork, err := r.store.Fork(ctx, e.FlowID)
	if err == nil {
		e.FlowID = fork.Root
		of, err := r.flowOf(ctx, e)
		of.name += ", forked"
		return of, err
	}
	if !errors.Is(err, storage.ErrNotFound) {
		return flowOf{}, err
	}
	c, err := r.store.Consent(ctx, e.FlowID)
	if err == nil {
		return flowOf{name: c.BankName + ", consent", word: word(c.BIC), holder: storage.ConsentSubject(c.ID), at: c.EnvironmentID}, nil
	}
	if !errors.Is(err, storage.ErrNotFound) {
		return flowOf{}, err
	}
	p, err := r.store.Payment(ctx, e.FlowID)
	if err == nil {
		return flowOf{name: p.BankName + ", payment", word: word(p.BIC), holder: storage.PaymentSubject(p.ID), at: p.EnvironmentID}, nil
	}
	if !errors.Is(err, storage.ErrNotFound) {
		return flowOf{}, err
	}
	of := flowOf{}
	u, err := url.Parse(e.URL)
	if err != nil {
		return of, nil
	}
	if of.name = u.Host; e.FlowID == bank.DirectoryFlow {
		of.name, of.word = "Bank directory", "directory"
	}
	var at storage.Bank
	if of.at, at, err = r.bankAt(ctx, e.URL); err != nil || of.at == "" {
		of.at, err = r.environmentAt(ctx, u.Host)
	} else if at.ID != "" {
		of.name, of.word = at.Name, word(at.ID)
	}
	return of, err
}

// environmentAt is the environment of which a host is the interface or authorisation
// server; empty where there is none.
func (r *Record) environmentAt(ctx context.Context, host string) (string, error) {
	environments, err := r.store.Environments(ctx)
	if err != nil {
		return "", err
	}
	for _, e := range environments {
		for _, address := range []string{e.Profile.APIURL, e.Profile.AuthURL} {
			if u, err := url.Parse(address); err == nil && u.Host == host && host != "" {
				return e.ID, nil
			}
		}
	}
	return "", nil
}

// word is a text in letters that may stand in the name of a file.
func word(text string) string {
	const longest = 40
	text = strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return -1
	}, text)
	return text[:min(len(text), longest)]
}

// Signed counts the requests that were signed.
func (t Taking) Signed() (count int) {
	for _, step := range t.script.Steps {
		if len(step.Signed()) > 0 {
			count++
		}
	}
	return count
}

// Secrets names what has to be filled in before the requests can be sent.
func (t Taking) Secrets() (names []string) {
	for _, v := range t.script.Of(script.Secret) {
		if v.Secret != script.State {
			names = append(names, v.Name)
		}
	}
	return names
}

// File is one that is taken along.
type File struct {
	Name string // in letters of ASCII
	Data []byte
}

// Files writes what is taken along in a form. With known, the secrets that are known
// stand in it, and in the names of the files.
func (t Taking) Files(format Format, known *Known) ([]File, error) {
	o := script.Options{Title: t.title(), Flow: func(id string) string { return t.flows[id].name }, Control: t.practice()}
	name := t.fileName()
	if known != nil {
		o.Known = known.value
		name += "-with-secrets"
	}
	switch format {
	case Postman:
		collection, environment := postman.New(t.script, postman.Options{Options: o, ID: uuid.NewString()})
		return files(name+".postman_collection.json", collection, name+".postman_environment.json", environment)
	case HTTPFile:
		return []File{{name + ".http", []byte(httpfile.New(t.script, o))}}, nil
	case Curl:
		commands, variables := curl.New(t.script, o, name+".variables.sh")
		return []File{{name + ".sh", []byte(commands)}, {name + ".variables.sh", []byte(variables)}}, nil
	}
	exchanges := t.Exchanges
	if known != nil {
		exchanges = nil
		for _, step := range t.script.Steps {
			exchanges = append(exchanges, step.Filled(known.value))
		}
	}
	return files(name+".har", har.New(exchanges, o.FlowName, storage.Version()))
}

// files writes values as JSON, each behind the name of its file.
func files(namesAndValues ...any) (list []File, err error) {
	for i := 0; i < len(namesAndValues); i += 2 {
		var b strings.Builder
		encoder := json.NewEncoder(&b)
		encoder.SetEscapeHTML(false) // addresses stay readable
		encoder.SetIndent("", "  ")
		if err := encoder.Encode(namesAndValues[i+1]); err != nil {
			return nil, err
		}
		list = append(list, File{namesAndValues[i].(string), []byte(b.String())})
	}
	return list, nil
}

func (t Taking) title() string {
	title := "Consentry"
	if len(t.flows) == 1 {
		title += ": " + t.flows[t.Exchanges[0].FlowID].name
	}
	return title + ", " + t.Exchanges[0].Started.UTC().Format("2006-01-02")
}

func (t Taking) fileName() string {
	name := "consentry"
	if t.masked {
		name = "masked-" + name
	}
	if t.Word != "" {
		name += "-" + t.Word
	}
	return name + "-" + t.Exchanges[0].Started.UTC().Format("2006-01-02-1504")
}

// practice reports whether all of it was exchanged with practice banks.
func (t Taking) practice() bool {
	for _, of := range t.flows {
		if of.at != bank.SandboxID {
			return false
		}
	}
	return true
}
