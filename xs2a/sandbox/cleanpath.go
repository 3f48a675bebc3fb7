package sandbox

import (
	"net/http"
	"strings"
)

// cleanPath reports whether every segment of a path says something. Those that are
// empty, or dots, http.ServeMux would answer with a redirect to another address
// and a page in HTML, which no bank's interface does.
func cleanPath(path string) bool {
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for i, segment := range segments {
		last := i == len(segments)-1 // what ends in a slash is answered by whom it belongs to
		if segment == "." || segment == ".." || segment == "" && !last {
			return false
		}
	}
	return true
}

// refuseUnclean answers such a path as the dialect does that it begins with.
func (s *Sandbox) refuseUnclean(w http.ResponseWriter, r *http.Request) {
	rt := route{bareErrors: strings.HasPrefix(r.URL.Path, directoryPath+"/")}
	c := &call{request: r, id: newID()}
	if sent := r.Header.Get("X-Request-ID"); isUUID(sent) {
		c.id = sent
	}
	for _, b := range s.banks {
		if b.Behaviour != nil && strings.HasPrefix(r.URL.Path, b.Prefix()+"/") {
			c.bank = b
		}
	}
	rt.write(w, c, answer{}, refusePath(s, c))
}
