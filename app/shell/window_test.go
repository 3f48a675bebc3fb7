//go:build desktop && linux

package shell

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image/color"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jezek/xgb/xproto"
)

// The window needs a process of its own with the main goroutine in it. So the test binary starts itself:
// with this variable set it is a small program with a window, and the variable's value an address outside of it.
const childVariable = "CONSENTRY_TEST_WINDOW"

// With this one set there are things that wait for the person: fewer each time it is asked.
const waitingVariable = "CONSENTRY_TEST_WAITING"

// With this one set the window begins on another of its pages.
const beginVariable = "CONSENTRY_TEST_BEGIN"

// With this one set the window has a menu, and what is kept of its place is printed. Its value is the place it had, as JSON.
const placeVariable = "CONSENTRY_TEST_PLACE"

// With this one set the program goes on when its window is closed, and each line it is given brings that forward.
const goesOnVariable = "CONSENTRY_TEST_GOES_ON"

// listOfTest is what a file of the program holds.
const listOfTest = "a,b\r\n1,2\r\n"

func TestMain(m *testing.M) {
	if outside := os.Getenv(childVariable); outside != "" {
		os.Exit(windowProgram(outside))
	}
	code := m.Run()
	if builds.folder != "" {
		_ = os.RemoveAll(builds.folder)
	}
	os.Exit(code)
}

// windowProgram is a program with a window, a session like the real one's, and links that lead out.
func windowProgram(outside string) int {
	say := func(request *http.Request) {
		fmt.Printf("visit %s %s by %s\n", request.Method, request.URL.Path, request.UserAgent())
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		say(r)
		if r.FormValue("token") != "a'b\"</script>" {
			http.Error(w, "wrong token", http.StatusForbidden)
			return
		}
		http.SetCookie(w, &http.Cookie{Name: "session", Value: "1", HttpOnly: true, SameSite: http.SameSiteLaxMode})
		http.Redirect(w, r, cmp.Or(os.Getenv(beginVariable), "/home"), http.StatusSeeOther)
	})
	page := func(body string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if _, err := r.Cookie("session"); err != nil {
				http.Error(w, "no session", http.StatusForbidden)
				return
			}
			say(r)
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprintf(w, `<!doctype html><style>body{background:#0b6a5f}a{position:fixed;inset:0}</style><body>%s`, body)
		}
	}
	mux.HandleFunc("GET /home", page(`<script>setTimeout(() => location = '`+outside+`/script', 500); setTimeout(() => location = '/form', 1500)</script>`))
	mux.HandleFunc("GET /form", page(`<form method="post" action="/away"></form><script>document.forms[0].submit(); setTimeout(() => location = '/link', 1000)</script>`))
	mux.HandleFunc("POST /away", func(w http.ResponseWriter, r *http.Request) {
		say(r)
		http.Redirect(w, r, outside+"/redirect", http.StatusSeeOther)
	})
	mux.HandleFunc("GET /link", page(`<a target="_blank" href="`+outside+`/link"></a><script>fetch('/link-shown')</script>`))
	mux.HandleFunc("GET /link-shown", page(""))
	mux.HandleFunc("GET /fresh", page("<script>fetch('/told/fresh'); addEventListener('pagehide', () => fetch('/told/left', {keepalive: true}))</script>"))
	mux.HandleFunc("GET /files", page(`<script>
		addEventListener("consentry:saved", (event) => fetch("/told/saved" + event.detail.path + event.detail.failed))
		setTimeout(() => location = '/list.csv', 500)</script>`))
	mux.HandleFunc("GET /keys", page(`<script>
		for (const one of ["find", "press"]) addEventListener("consentry:" + one, (event) => fetch("/told/" + one + "/" + encodeURIComponent(event.detail)))
		addEventListener("resize", () => fetch("/told/width/" + innerWidth))
		addEventListener("pagehide", () => fetch("/told/left", {keepalive: true}))
		fetch("/told/width/" + innerWidth)</script>`))
	mux.HandleFunc("GET /told/", func(_ http.ResponseWriter, r *http.Request) {
		fmt.Printf("told %s\n", strings.TrimPrefix(r.URL.Path, "/told/"))
	})
	mux.HandleFunc("GET /list.csv", func(w http.ResponseWriter, r *http.Request) {
		say(r)
		w.Header().Set("Content-Type", "text/csv")
		w.Header().Set("Content-Disposition", `attachment; filename="list.csv"`)
		fmt.Fprint(w, listOfTest)
	})
	server := httptest.NewServer(mux)
	defer server.Close()

	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	o := Options{
		URL: server.URL + "/?token=a'b%22%3C/script%3E", Title: "Consentry under test",
		Log: slog.New(slog.NewTextHandler(os.Stdout, nil)),
	}
	if waiting, err := strconv.Atoi(os.Getenv(waitingVariable)); err == nil {
		o.Waiting = func() int { waiting--; return waiting + 1 }
		o.TitleEvery = time.Second
	}
	if place, given := os.LookupEnv(placeVariable); given {
		if err := json.Unmarshal([]byte(place), &o.Place); err != nil {
			fmt.Println("place:", err)
			return 1
		}
		o.Words = Words{Program: "Program", OpenBrowser: "Browser", Settings: "Settings", Close: "Close", Quit: "Quit", Edit: "Edit", Find: "Find", FindNext: "Next",
			View: "View", Reload: "Reload", Back: "Back", Forward: "Forward", Larger: "Larger", Smaller: "Smaller", Usual: "Usual", FullScreen: "Full", Help: "Help", Keys: "Keys"}
		o.Keep = func(p Place) { kept, _ := json.Marshal(p); fmt.Printf("kept %s\n", kept) }
		o.FreshBrowser = func() string { return outside + "/beside" }
		o.TitleEvery = 100 * time.Millisecond
	}
	if os.Getenv(goesOnVariable) != "" {
		raise := make(chan string)
		go func() {
			for asked := bufio.NewScanner(os.Stdin); asked.Scan(); {
				raise <- asked.Text()
			}
		}()
		o.Raise, o.GoesOn = raise, func() bool { return true }
		o.Hidden = func() { fmt.Println("hidden") }
		o.Fresh = func() string { return server.URL + "/fresh" }
	}
	err := Run(ctx, o)
	if err != nil {
		fmt.Println("Run:", err)
		return 1
	}
	fmt.Println("Run returned")
	return 0
}

func TestWindow(t *testing.T) {
	var reached atomic.Int32
	outside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	defer outside.Close()
	screen := newDisplay(t)
	opened := filepath.Join(t.TempDir(), "opened")
	fakeOpener(t, readNote+` >> '`+opened+`'`)
	command := exec.Command(os.Args[0])
	command.Env = screen.environment(t, childVariable+"="+outside.URL)
	child := startProgram(t, command)

	window := screen.window(t, "Consentry under test")
	child.prints(t, "visit GET /home by Mozilla/5.0")
	if visit := child.output.String(); !strings.Contains(visit, "AppleWebKit") {
		t.Errorf("the visitor is not WebKit: %s", visit)
	}
	eventually(t, "the page's colour", func() bool { return shareOf(screen.picture(t, window), teal) > 0.9 })
	picture := screen.picture(t, window)
	keep(t, "window.png", picture)
	if size := picture.Bounds().Size(); size.X != 1280 || size.Y != 860 {
		t.Errorf("the window measures %v", size)
	}

	child.prints(t, "visit GET /link-shown")
	screen.click(t, window)
	for _, way := range []string{"/script", "/redirect", "/link"} {
		eventually(t, "the browser to open "+way, func() bool {
			addresses, _ := os.ReadFile(opened)
			return bytes.Contains(addresses, []byte(`"`+outside.URL+way+`"`))
		})
	}
	if reached.Load() != 0 {
		t.Errorf("%d pages outside the program were fetched by the window", reached.Load())
	}

	screen.close(t, window)
	child.endsWell(t)
	child.prints(t, "Run returned")
	if log := child.output.String(); strings.Contains(log, "token=") || strings.Contains(log, "CRITICAL") {
		t.Errorf("the program said what it should not:\n%s", log)
	}
}

// TestWindowAsksWhereFilesGo has a file that a page hands out kept where the person says, and not elsewhere.
func TestWindowAsksWhereFilesGo(t *testing.T) {
	screen := newDisplay(t)
	command := exec.Command(os.Args[0])
	command.Env = screen.environment(t, childVariable+"=http://outside.example", beginVariable+"=/files")
	home := ""
	for _, one := range command.Env {
		if value, is := strings.CutPrefix(one, "HOME="); is {
			home = value
		}
	}
	child := startProgram(t, command)
	window := screen.window(t, "Consentry under test")
	child.prints(t, "visit GET /list.csv")
	dialog := screen.window(t, "list.csv")
	if kept, _ := filepath.Glob(filepath.Join(home, "*.csv")); len(kept) > 0 {
		t.Errorf("%q was kept before the person said where", kept)
	}
	eventually(t, "the file where the person keeps it", func() bool {
		screen.enter(t, dialog)
		kept, err := os.ReadFile(filepath.Join(home, "list.csv"))
		return err == nil && string(kept) == listOfTest
	})
	child.prints(t, "told saved"+filepath.Join(home, "list.csv")+"\n") // so that the page can say it
	screen.close(t, window)
	child.endsWell(t)
}

var teal = color.RGBA{0x0b, 0x6a, 0x5f, 0xff}

// TestWindowTitle reads the number of waiting things where the list of windows shows it.
func TestWindowTitle(t *testing.T) {
	screen := newDisplay(t)
	command := exec.Command(os.Args[0])
	command.Env = screen.environment(t, childVariable+"=http://outside.invalid", waitingVariable+"=2")
	child := startProgram(t, command)
	screen.window(t, "(2) Consentry under test")
	screen.window(t, "(1) Consentry under test")
	screen.close(t, screen.window(t, "Consentry under test"))
	child.endsWell(t)
}

// TestWindowKeys uses the window by its keys, as people do who know them from browsers.
func TestWindowKeys(t *testing.T) {
	screen := newDisplay(t)
	opened := filepath.Join(t.TempDir(), "opened")
	fakeOpener(t, readNote+` >> '`+opened+`'`)
	command := exec.Command(os.Args[0])
	command.Env = screen.environment(t, childVariable+"=http://outside.invalid", beginVariable+"=/keys", placeVariable+"={}")
	child := startProgram(t, command)
	window := screen.window(t, "Consentry under test")
	child.prints(t, "told width/1280\n")
	seen := 0 // of what it printed, before the last key
	for _, one := range []struct {
		told string
		keys []byte
	}{
		{"told find/\n", []byte{keyControl, keyF}},
		{"told find/next\n", []byte{keyControl, keyG}},
		{"told find/last\n", []byte{keyShift, keyF3}},
		{"told press/[data-go=\"s\"]\n", []byte{keyControl, keyComma}},
		{"told press/[data-show=\"keys\"]\n", []byte{keyF1}},
		{"\"Zoom\":1.1}\n", []byte{keyControl, keyPlus}},
		{"told width/1163\n", nil}, // 1280 / 1.1
		{"\"Zoom\":1.25}\n", []byte{keyControl, keyShift, keyPlus}},
		{"told width/1024\n", nil},
		{"\"Zoom\":1.1}\n", []byte{keyControl, keyMinus}},
		{"\"Zoom\":1}\n", []byte{keyControl, key0}},
		{"told width/1280\n", nil},
		{"\"Zoom\":0.9}\n", []byte{keyControl, keyMinus}},
	} {
		before := len(child.output.String())
		if one.keys == nil {
			before = seen
		}
		screen.press(t, window, one.keys...)
		eventually(t, fmt.Sprintf("the program to print %q", one.told), func() bool { return strings.Contains(child.output.String()[before:], one.told) })
		seen = before
	}
	for i, key := range [][]byte{{keyControl, keyR}, {keyF5}} {
		screen.press(t, window, key...)
		eventually(t, "the page to be loaded again", func() bool { return strings.Count(child.output.String(), "visit GET /keys") == i+2 })
		// A key that comes while the page is on its way is nobody's: once it has told how wide it is, it is there.
		eventually(t, "the page to be there again", func() bool { return strings.Count(child.output.String(), "told width/1422") == i+2 })
	}
	screen.press(t, window, keyControl, keyN)
	eventually(t, "the browser to open", func() bool {
		addresses, _ := os.ReadFile(opened)
		return bytes.Contains(addresses, []byte("http://outside.invalid/beside"))
	})
	screen.press(t, window, keyControl, keyQ)
	child.endsWell(t)
}

// TestWindowIsWhereItWas has the window come back where it was and as large, and what it shows, too.
func TestWindowIsWhereItWas(t *testing.T) {
	screen := newDisplay(t)
	begin := func(place string) (*program, xproto.Window) {
		command := exec.Command(os.Args[0])
		command.Env = screen.environment(t, childVariable+"=http://outside.invalid", beginVariable+"=/keys", placeVariable+"="+place)
		child := startProgram(t, command)
		return child, screen.window(t, "Consentry under test")
	}
	is := func(window xproto.Window, want Screen) {
		t.Helper()
		eventually(t, fmt.Sprintf("the window at %+v", want), func() bool { return screen.place(t, window) == want })
	}
	child, window := begin(`{"X":5000,"Y":-3000,"Width":800,"Height":640,"Zoom":2}`) // of a screen that has gone
	is(window, Screen{300, 180, 800, 640})
	child.prints(t, "told width/400\n")
	want := []uint32{130, 70, 900, 700}
	const all = xproto.ConfigWindowX | xproto.ConfigWindowY | xproto.ConfigWindowWidth | xproto.ConfigWindowHeight
	if err := xproto.ConfigureWindowChecked(screen.conn, window, all, want).Check(); err != nil {
		t.Fatal(err)
	}
	const kept = `{"X":130,"Y":70,"Width":900,"Height":700,"Maximised":false,"Zoom":2}`
	child.prints(t, "kept "+kept+"\n")
	screen.press(t, window, keyControl, keyW)
	child.endsWell(t)

	child, window = begin(kept)
	is(window, Screen{130, 70, 900, 700})
	child.prints(t, "told width/450\n")
	screen.close(t, window)
	child.endsWell(t)
}

// TestWindowGoesOn hides a window that is closed while the program is to go on, takes its page away, and brings it back.
func TestWindowGoesOn(t *testing.T) {
	screen := newDisplay(t)
	command := exec.Command(os.Args[0])
	command.Env = screen.environment(t, childVariable+"=http://outside.invalid", beginVariable+"=/keys", placeVariable+"={}", goesOnVariable+"=1")
	asks, err := command.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	raise := func() {
		if _, err := fmt.Fprintln(asks, "startup_TIME1"); err != nil {
			t.Fatal(err)
		}
	}
	child := startProgram(t, command)
	window := screen.window(t, "Consentry under test")
	child.prints(t, "told width/")
	for i := range 2 {
		at := screen.place(t, window)
		screen.close(t, window)
		eventually(t, "the program to go on", func() bool { return strings.Count(child.output.String(), "hidden\n") == i+1 && !screen.isShown(window) })
		eventually(t, "the page to be gone", func() bool { return strings.Count(child.output.String(), "told left\n") == i+1 })
		raise()
		eventually(t, "a new page in the window", func() bool {
			return strings.Count(child.output.String(), "told fresh\n") == i+1 && screen.isShown(window) && screen.place(t, window) == at
		})
	}
	raise() // brings forward what is there, and changes nothing
	screen.close(t, window)
	eventually(t, "the program to go on", func() bool { return strings.Count(child.output.String(), "hidden\n") == 3 })
	if err := child.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	child.endsWell(t)
	if said := child.output.String(); strings.Count(said, "hidden\n") != 3 || strings.Count(said, "told fresh\n") != 2 {
		t.Errorf("hidden or shown anew too often:\n%s", said)
	}
}

// TestSignalEndsWhatGoesOn ends a window that is shown, although the program would go on without it.
func TestSignalEndsWhatGoesOn(t *testing.T) {
	screen := newDisplay(t)
	command := exec.Command(os.Args[0])
	command.Env = screen.environment(t, childVariable+"=http://outside.invalid", goesOnVariable+"=1")
	child := startProgram(t, command)
	screen.window(t, "Consentry under test")
	child.prints(t, "visit GET /home")
	if err := child.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	child.endsWell(t)
	if strings.Contains(child.output.String(), "hidden") {
		t.Error("it was hidden first")
	}
}

func TestWindowEndsWithItsContext(t *testing.T) {
	screen := newDisplay(t)
	command := exec.Command(os.Args[0])
	command.Env = screen.environment(t, childVariable+"=http://outside.invalid")
	child := startProgram(t, command)
	screen.window(t, "Consentry under test")
	if err := child.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	child.endsWell(t)
	child.prints(t, "Run returned")
}

func TestWindowNeedsADisplay(t *testing.T) {
	for _, display := range []string{"", ":65000"} {
		command := exec.Command(os.Args[0])
		command.Env = []string{"HOME=" + t.TempDir(), "DISPLAY=" + display, childVariable + "=http://outside.invalid"}
		output, err := command.CombinedOutput()
		if failed := (*exec.ExitError)(nil); !errors.As(err, &failed) || failed.ExitCode() != 1 || !strings.Contains(string(output), ErrNoDisplay.Error()) {
			t.Errorf("DISPLAY=%s: %v, %s", display, err, output)
		}
	}
}

func TestFence(t *testing.T) {
	f := &fence{origin: "http://127.0.0.1:4711"}
	for address, want := range map[string]bool{
		"http://127.0.0.1:4711":                       true,
		"http://127.0.0.1:4711/consents?x=1#y":        true,
		"blob:http://127.0.0.1:4711/0-1":              true,
		"about:blank":                                 true,
		"wails://wails/":                              true,
		"http://127.0.0.1:47110/":                     false,
		"http://127.0.0.1/":                           false,
		"https://127.0.0.1:4711/":                     false,
		"http://127.0.0.1:4711@bank.example/":         false,
		"http://localhost:4711/":                      false,
		"https://bank.example/http://127.0.0.1:4711/": false,
		"file:///etc/passwd":                          false,
		"data:text/html,x":                            false,
		"javascript:alert(1)":                         false,
		"":                                            false,
	} {
		if got := f.holds(address); got != want {
			t.Errorf("holds(%q) = %v", address, got)
		}
	}
}

// transcript takes what a process prints; it may be read meanwhile.
type transcript struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (t *transcript) Write(data []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.Write(data)
}

func (t *transcript) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.text.String()
}
