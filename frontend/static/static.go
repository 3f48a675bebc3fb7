// Package static holds what the browser loads beside the pages: one
// stylesheet, the fonts, htmx and the scripts of our own.
//
// Everything is embedded and served below one directory whose name is a hash
// of all of it. An address therefore never changes its content and may be
// cached for ever, and the stylesheet reaches its fonts by relative addresses.
package static

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

//go:embed app.css app.js home.js lock.js window.js mark.svg htmx.min.js htmx-LICENSE.txt fonts
var files embed.FS

// Prefix is where Handler expects to be mounted: "GET /static/".
const Prefix = "/static/"

var version = hashOf(files)

// Path is the address of an embedded file, as in Path("app.css").
func Path(name string) string { return Prefix + version + "/" + name }

// Handler serves the embedded files below Prefix. An address of another
// version is answered 404, so that no old page is cached with new content.
func Handler() http.Handler {
	server := http.FileServerFS(files)
	return http.StripPrefix(Prefix+version, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, "/")
		if info, err := fs.Stat(files, name); err != nil || info.IsDir() {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		if kind := mediaTypes[path.Ext(name)]; kind != "" {
			w.Header().Set("Content-Type", kind)
		}
		server.ServeHTTP(w, r)
	}))
}

// mediaTypes are set by hand: what the standard library knows depends on the
// tables of the machine it runs on, and Windows' registry can be wrong.
var mediaTypes = map[string]string{
	".css":   "text/css; charset=utf-8",
	".js":    "text/javascript; charset=utf-8",
	".svg":   "image/svg+xml",
	".txt":   "text/plain; charset=utf-8",
	".woff2": "font/woff2",
}

// hashOf is a short digest of every file's name and content.
func hashOf(tree fs.FS) string {
	sum := sha256.New()
	fs.WalkDir(tree, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := fs.ReadFile(tree, name)
		sum.Write([]byte(name))
		sum.Write(content)
		return err
	})
	return hex.EncodeToString(sum.Sum(nil))[:12]
}
