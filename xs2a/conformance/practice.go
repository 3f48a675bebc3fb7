package conformance

import (
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
)

// Interface is an official definition with the paths of the practice banks that are its
// matter.
type Interface struct {
	*Definition

	// Path returns a request's path as the definition has it; false: it is not the
	// definition's matter.
	Path func(path string) (string, bool)

	// RequestsAlone: the interface takes the definition's requests, and answers in words
	// of its own.
	RequestsAlone bool
}

// Folder is where the official definitions lie, from the folder of a package that lies so
// many folders deep in the checkout.
func Folder(deep int) string {
	return filepath.Join(strings.Repeat("../", deep+1), "shared", "reference", "openapi")
}

var (
	berlinPath   = regexp.MustCompile(`^/berlingroup/([^/]+)(/v1/.*)$`)
	georgianPath = regexp.MustCompile(`^/bog(/v1/.*)$`)
	// georgianProduct has products of its own in the place of the definition's.
	georgianProduct = regexp.MustCompile(`(payments)/(?:aspsp|domestic|foreign)(/|$)`)
	saltEdgePath    = regexp.MustCompile(`^/saltedge/[^/]+/api/berlingroup(/v1/.*)$`)
)

// Beyond reports whether a path is that of an operation that no official definition has: the
// catalogue of products (Bank of Georgia) and refreshing (Salt Edge).
func Beyond(path string) bool {
	return strings.Contains(path, "/banking/products/") || strings.Contains(path, "/accounts/refresh")
}

// Interfaces loads the official definitions for the interfaces of the practice banks: Open
// Payments' own, and for the Berlin Group's dialects the Berlin Group's, but for the banks
// that depart from it on purpose. Salt Edge answers in words of its own. ErrAbsent: the
// definitions do not lie in the folder.
func Interfaces(folder string, departs func(bank string) bool) ([]Interface, error) {
	official, err := officialIn(folder)
	if err != nil {
		return nil, err
	}
	open, berlin := official.open, official.berlin
	return []Interface{
		{open, func(path string) (string, bool) { return path, strings.HasPrefix(path, "/psd2/") }, false},
		{berlin, func(path string) (string, bool) {
			if found := berlinPath.FindStringSubmatch(path); found != nil && !departs(found[1]) {
				return found[2], true
			}
			if found := georgianPath.FindStringSubmatch(path); found != nil && !Beyond(path) {
				return georgianProduct.ReplaceAllString(found[1], "$1/sepa-credit-transfers$2"), true
			}
			return "", false
		}, false},
		{berlin, func(path string) (string, bool) {
			if found := saltEdgePath.FindStringSubmatch(path); found != nil && !Beyond(path) {
				return found[1], true
			}
			return "", false
		}, true},
	}, nil
}

type official struct{ open, berlin *Definition }

// read has the official definitions of each folder as a func() (official, error). They are
// read once for all tests of a package, since that takes half a second, and five of one
// under the race detector.
var read sync.Map

func officialIn(folder string) (official, error) {
	once, _ := read.LoadOrStore(folder, sync.OnceValues(func() (both official, err error) {
		if both.berlin, err = Load(filepath.Join(folder, "berlin-group-1.3.12.json"), ""); err != nil {
			return official{}, err
		}
		both.open, err = Load(filepath.Join(folder, "open-payments-1.3.3.yaml"), "/psd2", OpenPayments...)
		return both, err
	}))
	return once.(func() (official, error))()
}

// ToApprove reports whether a bank answers that the person has to approve the deletion of
// a consent, which no definition has.
func ToApprove(res *http.Response) bool {
	return res.Request.Method == http.MethodDelete && strings.Contains(res.Request.URL.Path, "/consents/") && res.StatusCode == http.StatusAccepted
}
