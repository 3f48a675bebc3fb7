package frontend

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"consentry/app"
	"consentry/app/failure"
	"consentry/frontend/ui"
	"consentry/storage"
)

// What is read of a request, whatever the screen.

// numberIn reads the id in the address; what is none leads nowhere.
func numberIn(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return 0, storage.ErrNotFound
	}
	return id, nil
}

// aimsAt reports whether HTMX asks for the part of the page with that id. A
// request that picks its part from a whole page is answered with a whole page.
func aimsAt(r *http.Request, id string) bool {
	return wantsFragment(r) && r.Header.Get("HX-Request-Type") == "partial" &&
		strings.HasSuffix(r.Header.Get("HX-Target"), "#"+id)
}

// wantsFragment reports whether HTMX asks for a part of a page.
func wantsFragment(r *http.Request) bool { return r.Header.Get("HX-Request") == "true" }

// cameFrom is the path of the page a form was on. Only its path is used, so
// that it can lead nowhere else.
func cameFrom(r *http.Request) string {
	page, err := url.Parse(r.Referer())
	if err != nil || page.Host != r.Host {
		return "/settings"
	}
	path, within := strings.CutPrefix(page.Path, ui.Home(r.Context()))
	if !within || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") {
		return "/settings"
	}
	return (&url.URL{Path: path, RawQuery: page.RawQuery}).String()
}

// readFile reads an uploaded file; there is nothing where none was chosen. An *app.Error
// says that it is empty or too large.
func readFile(r *http.Request, name string, most int) ([]byte, error) {
	file, _, err := r.FormFile(name)
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) {
		return nil, nil
	}
	if err != nil {
		return nil, failure.New(failure.FileNotRead).By(err)
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, int64(most)+1))
	if err != nil {
		return nil, failure.New(failure.FileNotRead).By(err)
	}
	if len(content) == 0 {
		return nil, failure.New(failure.FileEmpty)
	}
	if len(content) > most {
		return nil, &app.Error{Reason: storage.Reason{Code: failure.FileLarger, Of: most >> 10}}
	}
	return content, nil
}

// person is the one before the screen, as banks are told of them
// (BG 1.3.12 section 4.8: what stands in the HTTP request between PSU and TPP).
func (s *Server) person(r *http.Request) app.Person {
	host, port, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host, port = "127.0.0.1", ""
	}
	return app.Person{
		IPAddress: host, IPPort: port, UserAgent: r.UserAgent(), HTTPMethod: r.Method,
		Accept: r.Header.Get("Accept"), AcceptCharset: r.Header.Get("Accept-Charset"),
		AcceptEncoding: r.Header.Get("Accept-Encoding"), AcceptLanguage: r.Header.Get("Accept-Language"),
		DeviceID: s.device,
	}
}
