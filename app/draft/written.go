package draft

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/google/uuid"
	"golang.org/x/net/http/httpguts"

	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/record"
)

// Methods are those a draft can have.
var Methods = []string{"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"}

const (
	// mostHeaders is how many lines the header of a draft may have.
	mostHeaders = 100

	// MostBody is how many bytes the body of a draft may have.
	MostBody = 256 << 10
)

// read reads a draft as it was typed. A *failure.Error names the fields that are to be
// corrected.
func (f From) read(draft Draft) (xs2a.Draft, error) {
	wrong := map[string]storage.Reason{}
	written := xs2a.Draft{Method: draft.Method, Address: strings.TrimSpace(draft.Address), Header: http.Header{}}
	if !slices.Contains(Methods, draft.Method) {
		wrong["method"] = storage.Reason{Code: failure.ChooseFromList}
	}
	if reason := f.wrongAddress(written.Address); reason.Given() {
		wrong["address"] = reason
	}
	if reason := readHeader(draft.Header, written.Header); reason.Given() {
		wrong["header"] = reason
	}
	if len(draft.Body) > MostBody {
		wrong["body"] = storage.Reason{Code: failure.TextTooLong, Number: len(draft.Body), Of: MostBody}
	}
	if draft.Body != "" {
		written.Body = []byte(strings.ReplaceAll(draft.Body, "\r\n", "\n"))
	}
	if written.Bearer = written.Header.Get("Authorization") == "Bearer "+record.Token; written.Bearer {
		written.Header.Del("Authorization")
	}
	f.checkPlaceholders(written, wrong)
	if len(wrong) > 0 {
		return written, failure.Unsent(wrong)
	}
	if written.Header.Get("X-Request-ID") == "" {
		written.Header.Set("X-Request-ID", numberOf(draft.FormID))
	}
	return written, nil
}

// numberOf is the number of the request that a form leads to: the form's own. By it the record
// knows that the form was sent, also after another start of the program, and a bank that heeds
// it knows that where the program ended before it had the answer.
func numberOf(form string) string {
	if id, err := uuid.Parse(form); err == nil {
		return id.String()
	}
	return uuid.NewString()
}

// Check returns why a draft cannot be sent as it is: a *failure.Error that names the fields
// that are to be corrected.
func (f From) Check(draft Draft) error {
	_, err := f.read(draft)
	return err
}

// wrongAddress says why nothing can be sent to an address.
func (f From) wrongAddress(address string) storage.Reason {
	origin, err := xs2a.OriginOf(address)
	if err != nil {
		return storage.Reason{Code: failure.CompleteAddress}
	}
	if !f.names(origin) {
		return storage.Reason{Code: failure.NotAHostOf, Bank: f.Bank, Names: f.Hosts}
	}
	return storage.Reason{}
}

// readHeader reads the lines of a header. Of those each request has anew a person can name
// the number alone.
func readHeader(lines string, into http.Header) storage.Reason {
	all := strings.Split(strings.ReplaceAll(lines, "\r\n", "\n"), "\n")
	count := 0
	for i, line := range all {
		if strings.TrimSpace(line) == "" {
			continue
		}
		if count++; count > mostHeaders {
			return storage.Reason{Code: failure.TooManyHeaders, Of: mostHeaders}
		}
		name, value, found := strings.Cut(line, ":")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		switch {
		case !found || !httpguts.ValidHeaderFieldName(name) || !httpguts.ValidHeaderFieldValue(value):
			return storage.Reason{Code: failure.NotAHeader, Number: i + 1}
		case record.MadeAnew(name) && !strings.EqualFold(name, "X-Request-ID"):
			return storage.Reason{Code: failure.HeaderMade, Name: http.CanonicalHeaderKey(name)}
		}
		into.Add(name, value)
	}
	return storage.Reason{}
}

// checkPlaceholders refuses what stands for a secret that nobody but the person can put in.
func (f From) checkPlaceholders(written xs2a.Draft, wrong map[string]storage.Reason) {
	address := written.Address
	if plain, err := url.QueryUnescape(address); err == nil {
		address += plain
	}
	header := ""
	for _, values := range written.Header {
		header += strings.Join(values, "\n") + "\n"
	}
	for _, part := range []struct{ field, text string }{{"address", address}, {"header", header}, {"body", string(written.Body)}} {
		for _, name := range append([]string{record.Token, record.Redacted}, f.Names...) {
			if strings.Contains(part.text, name) && !wrong[part.field].Given() {
				wrong[part.field] = storage.Reason{Code: failure.PlaceholderLeft, Name: name}
			}
		}
	}
}

// Changes returns in what a draft departs from its exchange, as far as a person writes it.
func (f From) Changes(draft Draft) []record.Difference {
	was, _ := f.Placeholders()
	was.URL = f.addressNow(was.URL)
	now := record.Exchange{Method: draft.Method, URL: strings.TrimSpace(draft.Address)}
	header := http.Header{}
	_ = readHeader(draft.Header, header) // as far as it can be read; what is wrong stands at the field
	for name, values := range header {
		for _, value := range values {
			now.Request.Header = append(now.Request.Header, record.HeaderField{Name: name, Value: value})
		}
	}
	now.Request.Body = strings.ReplaceAll(draft.Body, "\r\n", "\n")
	was.Request.Body = strings.ReplaceAll(was.Request.Body, "\r\n", "\n")
	return record.Differences(was, now)
}
