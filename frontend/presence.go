package frontend

import "net/http"

// presencePath is asked by every page while it is open.
const presencePath = "/presence"

// present answers a page that says it is open.
func present(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }
