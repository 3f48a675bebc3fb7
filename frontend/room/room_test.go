package room

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// guestbook is a room at a loopback address, with what its tests set.
type guestbook struct {
	*Room
	t     *testing.T
	mu    sync.Mutex
	time  time.Time
	deeds []Deed
	over  bool          // the approval is, with the next deed
	waits bool          // the approval does
	gone  bool          // the address is
	slept time.Duration // the clock went on otherwise than time did
	fails error
	log   strings.Builder
}

func opened(t *testing.T) *guestbook {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	began := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	g := &guestbook{t: t, time: began, waits: true}
	g.Room = begin(Config{
		At: Address{"lo", netip.MustParsePrefix("127.0.0.1/8")}, Fields: []string{"as", "login", "password", "action"}, Log: slog.New(slog.NewTextHandler(locking{g}, nil)), Now: g.now,
		Do: g.do, Waits: func(context.Context) bool { g.mu.Lock(); defer g.mu.Unlock(); return g.waits },
	}, listener, here{
		func() bool { g.mu.Lock(); defer g.mu.Unlock(); return !g.gone },
		func() time.Duration { g.mu.Lock(); defer g.mu.Unlock(); return g.time.Sub(began) - g.slept },
	})
	t.Cleanup(func() { g.Close(ProgramEnds) })
	return g
}

// locking writes to the room's log.
type locking struct{ g *guestbook }

func (l locking) Write(p []byte) (int, error) {
	l.g.mu.Lock()
	defer l.g.mu.Unlock()
	return l.g.log.Write(p)
}

func (g *guestbook) now() time.Time { g.mu.Lock(); defer g.mu.Unlock(); return g.time }

func (g *guestbook) passes(d time.Duration) { g.mu.Lock(); defer g.mu.Unlock(); g.time = g.time.Add(d) }

func (g *guestbook) do(_ context.Context, did Deed) (Screen, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.deeds = append(g.deeds, did)
	return Screen{Page: "<p>the phone</p>", Style: "p{}", Over: g.over}, g.fails
}

// says sends what stands there, and returns all that is answered.
func (g *guestbook) says(request string) string {
	g.t.Helper()
	conn, err := (&net.Dialer{}).DialContext(g.t.Context(), "tcp", g.host)
	if err != nil {
		return "closed"
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(30 * time.Second))
	_, _ = io.WriteString(conn, request) // the other side may have ended it
	answer, err := io.ReadAll(conn)
	if err != nil && len(answer) == 0 {
		return "cut off"
	}
	return string(answer)
}

func (g *guestbook) get(more string) string {
	g.t.Helper()
	return g.says("GET " + g.path() + " HTTP/1.1\r\nHost: " + g.host + "\r\n" + more + "\r\n")
}

func (g *guestbook) post(form, more string) string {
	g.t.Helper()
	return g.says(fmt.Sprintf("POST %s HTTP/1.1\r\nHost: %s\r\nOrigin: http://%[2]s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n%s\r\n%s",
		g.path(), g.host, len(form), more, form))
}

// letIn types the code, and returns the cookie as the phone sends it.
func (g *guestbook) letIn() string {
	g.t.Helper()
	res, err := http.ReadResponse(bufio.NewReader(strings.NewReader(g.post("code="+g.lock.code, ""))), nil)
	if err != nil || res.StatusCode != http.StatusSeeOther || res.Header.Get("Location") != g.path() {
		g.t.Fatalf("the code is answered %v, %v", res, err)
	}
	cookie := res.Cookies()[0]
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteStrictMode || cookie.Path != g.path() {
		g.t.Errorf("the cookie is %s", cookie)
	}
	return "Cookie: " + cookie.Name + "=" + cookie.Value + "\r\n"
}

func (g *guestbook) kinds() (all []Kind) {
	for _, e := range g.State().Events {
		all = append(all, e.Kind)
	}
	return all
}

// TestNothingElseIsThere holds that whatever is asked of a room but its page gets the same
// answer, byte for byte: before a phone is let in, and from the phone that is.
func TestNothingElseIsThere(t *testing.T) {
	t.Parallel()
	g := opened(t)
	path, host := g.path(), g.host
	line := func(method, target, more string) string {
		return method + " " + target + " HTTP/1.1\r\nHost: " + host + "\r\n" + more + "\r\n"
	}
	requests := map[string]string{
		"no token": line("GET", "/", ""), "part of it": line("GET", path[:len(path)-1], ""), "more than it": line("GET", path+"/", ""), "another": line("GET", "/"+secret(), ""),
		"a query": line("GET", path+"?as=astrid", ""), "an empty query": line("GET", path+"?", ""), "two slashes": line("GET", "/"+path, ""), "a dot": line("GET", "/."+path, ""),
		"up and down": line("GET", "/x/.."+path, ""), "escaped": line("GET", "/%"+fmt.Sprintf("%x", path[1])+path[2:], ""), "a fragment": line("GET", path+"#x", ""), "a parameter": line("GET", path+";x", ""),
		"a whole address": line("GET", "http://"+host+path, ""), "as a proxy": line("GET", "http://127.0.0.1/", ""), "a tunnel": line("CONNECT", "127.0.0.1:80", ""), "all": line("OPTIONS", "*", ""),
		"HEAD": line("HEAD", path, ""), "PUT": line("PUT", path, ""), "OPTIONS": line("OPTIONS", path, ""), "TRACE": line("TRACE", path, ""), "lower case": line("get", path, ""), "PROPFIND": line("PROPFIND", path, ""),
		"no host": "GET " + path + " HTTP/1.1\r\n\r\n", "two hosts": line("GET", path, "Host: evil.example\r\n"), "an upgrade": line("GET", path, "Connection: Upgrade\r\nUpgrade: websocket\r\n"),
		"HTTP/2": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "HTTP/3.7": "GET " + path + " HTTP/3.7\r\nHost: " + host + "\r\n\r\n", "no HTTP": "hello\r\n\r\n", "TLS": "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
		"a long address": line("GET", path+strings.Repeat("a", 5<<10), ""), "a longer one": line("GET", "/"+strings.Repeat("a", 20<<10), ""), "a long header": line("GET", path, "X: "+strings.Repeat("a", 20<<10)+"\r\n"),
		"a body": line("GET", path, "Content-Length: 3\r\n") + "abc", "two lengths": line("POST", path, "Content-Length: 3\r\nContent-Length: 4\r\n") + "abcd", "chunks": line("POST", path, "Origin: http://"+host+"\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\n",
		"expects": line("POST", "/x", "Expect: 200-ok\r\nContent-Length: 0\r\n"), "a form of nowhere": line("POST", path, "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 11\r\n") + "code=000000",
		"a form of elsewhere": line("POST", path, "Origin: http://evil.example\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 11\r\n") + "code=000000",
		"a form of null":      line("POST", path, "Origin: null\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 11\r\n") + "code=000000",
		"JSON":                line("POST", path, "Origin: http://"+host+"\r\nContent-Type: application/json\r\nContent-Length: 2\r\n") + "{}", "a file": line("POST", path, "Origin: http://"+host+"\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 2\r\n") + "ab",
		"a large form": line("POST", path, "Origin: http://"+host+"\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n") + strings.Repeat("a", 5000),
		"a bad form":   line("POST", path, "Origin: http://"+host+"\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n") + "%zz",
	}
	for _, other := range []string{"evil.example", "localhost", "127.0.0.1", "127.0.0.1:1", host + ".", "x@" + host, strings.Replace(host, "127.0.0.1", "127.1", 1), "[::ffff:127.0.0.1]:80", ""} {
		requests["host "+other] = "GET " + path + " HTTP/1.1\r\nHost: " + other + "\r\n\r\n"
	}
	for _, with := range []string{"", "in"} {
		for name, request := range requests {
			if with != "" {
				request = strings.Replace(request, "\r\n\r\n", "\r\nCookie: "+cookieName+"="+g.session+"\r\n\r\n", 1)
			}
			g.passes(time.Second) // so that it is not for their number
			if answer := g.says(request); answer != nothing && (answer != "HTTP/1.1 100 Continue\r\n\r\n"+nothing) {
				t.Errorf("%s, %q: answered %q", name, with, answer)
			}
		}
		if with == "" {
			if answer := g.get(""); !strings.HasPrefix(answer, "HTTP/1.1 200") || !strings.Contains(answer, "Code on the screen") {
				t.Fatalf("the page itself is answered %q", answer)
			}
			g.letIn()
		}
	}
	if len(g.deeds) > 0 {
		t.Errorf("on the phone was done: %v", g.deeds)
	}
}

// TestOnePhoneIsLetIn lets in who has the code, and nobody after that; what the phone does
// arrives, and nothing but that.
func TestOnePhoneIsLetIn(t *testing.T) {
	t.Parallel()
	g := opened(t)
	cookie := g.letIn()
	for name, answer := range map[string]string{
		"without the cookie": g.get(""), "with another": g.get("Cookie: " + cookieName + "=" + secret() + "\r\n"), "with an empty one": g.get("Cookie: " + cookieName + "=\r\n"),
		"with the code": g.post("code="+g.lock.code, ""), "doing something": g.post("action=approve&password=x", ""),
	} {
		if answer != nothing {
			t.Errorf("%s: answered %q", name, answer)
		}
	}
	answer := g.get(cookie)
	for _, want := range []string{"HTTP/1.1 200", "<p>the phone</p>", "Content-Security-Policy: default-src 'none'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; style-src 'sha256-",
		"Cache-Control: no-store", "X-Frame-Options: DENY", "X-Content-Type-Options: nosniff", "Referrer-Policy: same-origin"} {
		if !strings.Contains(answer, want) {
			t.Errorf("%q is not in the answer %q", want, answer)
		}
	}
	form := url.Values{"action": {"approve"}, "login": {"astrid"}, "password": {"p"}, "bank": {"x"}, "code": {"1"}}
	g.post(form.Encode(), cookie)
	if want := []Deed{{}, {Form: url.Values{"login": {"astrid"}, "password": {"p"}, "action": {"approve"}}}}; !reflect.DeepEqual(g.deeds, want) {
		t.Errorf("on the phone was done %v, not %v", g.deeds, want)
	}
	g.mu.Lock()
	g.fails = io.ErrUnexpectedEOF
	g.mu.Unlock()
	if answer := g.get(cookie); !strings.HasPrefix(answer, "HTTP/1.1 502") || strings.Contains(answer, "EOF") {
		t.Errorf("a bank that does not answer: %q", answer)
	}
	state := g.State()
	if !state.Open() || state.Phone.String() != "127.0.0.1" || !slices.Equal(g.kinds(), []Kind{Entered, Other}) {
		t.Errorf("%+v", state)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, hidden := range []string{g.token, g.session, g.lock.code, "approve"} {
		if strings.Contains(g.log.String(), hidden) {
			t.Errorf("%q is in the log:\n%s", hidden, g.log.String())
		}
	}
}

// TestCodesAreCounted has each wrong code make the next one wait longer, and the fifth end
// the room.
func TestCodesAreCounted(t *testing.T) {
	t.Parallel()
	g := opened(t)
	wrong := "code=" + map[bool]string{true: "000000", false: "111111"}[g.lock.code != "000000"]
	for n := 1; n < mostWrong; n++ {
		if answer := g.post(wrong, ""); !strings.HasPrefix(answer, "HTTP/1.1 422") || !strings.Contains(answer, "That is not the code on the screen.") {
			t.Fatalf("wrong code %d: %q", n, answer)
		}
		for range 3 { // the right one does not help, and does not count
			if answer := g.post("code="+g.lock.code, ""); !strings.HasPrefix(answer, "HTTP/1.1 429") || !strings.Contains(answer, fmt.Sprintf("Wait %d seconds", 1<<n)) {
				t.Fatalf("too soon after wrong code %d: %q", n, answer)
			}
		}
		g.passes(time.Second << n)
	}
	if answer := g.post(wrong, ""); !strings.HasPrefix(answer, "HTTP/1.1 403") || !strings.Contains(answer, "one wrong code too many") {
		t.Fatalf("the last wrong code: %q", answer)
	}
	<-g.done
	if answer := g.post("code="+g.lock.code, ""); answer != "closed" {
		t.Errorf("after it: %q", answer)
	}
	if state := g.State(); state.End != TooManyCodes || !slices.Equal(g.kinds(), []Kind{WrongCode, TooSoon}) {
		t.Errorf("%+v", state)
	}
}

// TestTheCodeAsItIsRead takes the code with the blank in its middle.
func TestTheCodeAsItIsRead(t *testing.T) {
	t.Parallel()
	g := opened(t)
	if answer := g.post("code="+url.QueryEscape(" "+g.lock.code[:3]+" "+g.lock.code[3:]), ""); !strings.HasPrefix(answer, "HTTP/1.1 303") {
		t.Errorf("answered %q", answer)
	}
}

// TestEnds ends a room in each way by itself.
func TestEnds(t *testing.T) {
	t.Parallel()
	set := func(clock, slept time.Duration) func(*guestbook) {
		return func(g *guestbook) { g.passes(clock); g.mu.Lock(); g.slept = slept; g.mu.Unlock() }
	}
	for _, test := range []struct {
		want End
		do   func(*guestbook)
	}{
		{TimedOut, set(Life, 0)},
		{TimedOut, set(20*time.Second, 20*time.Second-Life)}, // the clock was set back each minute or so
		{ClockMoved, set(-time.Hour, -time.Hour)},
		{ClockMoved, set(10*time.Minute, 9*time.Minute)},
		{"", set(10*time.Minute, time.Second)}, // it was corrected
		{NotAsked, func(g *guestbook) { g.mu.Lock(); g.waits = false; g.mu.Unlock() }},
		{AddressGone, func(g *guestbook) { g.mu.Lock(); g.gone = true; g.mu.Unlock() }},
	} {
		want, do := test.want, test.do
		g := opened(t)
		if end := g.Room.over(t.Context()); end != "" {
			t.Errorf("%s: over before", want)
		}
		g.stop() // the test looks
		do(g)
		if end := g.Room.over(t.Context()); end != want {
			t.Errorf("%s: %q", want, end)
		}
	}
	for want, form := range map[End]string{Answered: "action=deny&password=x", NotAsked: "as=astrid"} {
		g := opened(t)
		cookie := g.letIn()
		g.mu.Lock()
		g.over = true
		g.mu.Unlock()
		if answer := g.post(form, cookie); !strings.Contains(answer, "<p>the phone</p>") { // what became of it is seen there
			t.Errorf("%s: %q", want, answer)
		}
		<-g.done
		if state := g.State(); state.End != want || g.get(cookie) != "closed" {
			t.Errorf("%s: %+v", want, state)
		}
	}
}

// TestSlowFormsComeTooLate has a form that began before a room ended, and is whole only after
// that, do nothing: neither approve nor let anybody in.
func TestSlowFormsComeTooLate(t *testing.T) {
	t.Parallel()
	for _, form := range []string{"action=approve", "code=%s"} {
		g := opened(t)
		cookie := ""
		if form == "action=approve" {
			cookie = g.letIn()
		} else {
			form = fmt.Sprintf(form, g.lock.code)
		}
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", g.host)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: %s\r\nOrigin: http://%[2]s\r\nContent-Type: application/x-www-form-urlencoded\r\nExpect: 100-continue\r\nContent-Length: %d\r\n%s\r\n", g.path(), g.host, len(form), cookie)
		answer := bufio.NewReader(conn)
		if line, err := answer.ReadString('\n'); err != nil || !strings.HasPrefix(line, "HTTP/1.1 100") { // it is waited for
			t.Fatalf("%q, %v", line, err)
		}
		if !g.ends(EndedByPerson) {
			t.Fatal("it had ended")
		}
		fmt.Fprint(conn, form)
		rest, _ := io.ReadAll(answer) // it is cut off, or told
		g.mu.Lock()
		deeds := len(g.deeds)
		g.mu.Unlock()
		if !strings.HasPrefix(strings.TrimSpace(string(rest)), "HTTP/1.1 404") || deeds != 0 || cookie == "" && g.State().Phone.IsValid() {
			t.Errorf("%s: %q, %d deeds", form, rest, deeds)
		}
		g.leave()
	}
}

// TestTheRoomIsLeftInTheEnd has the watch end a room, and a second end change nothing.
func TestTheRoomIsLeftInTheEnd(t *testing.T) {
	t.Parallel()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := begin(Config{At: Address{"lo", netip.MustParsePrefix("127.0.0.1/8")}, Fields: []string{"as", "login", "password", "action"}, Log: slog.New(slog.DiscardHandler), Now: time.Now, Waits: func(context.Context) bool { return false }}, listener, here{func() bool { return true }, func() time.Duration { return 0 }})
	<-r.done
	r.Close(EndedByPerson)
	if end := r.State().End; end != NotAsked {
		t.Errorf("it ended by %q", end)
	}
}

// TestManyAreHeldOff bounds requests of strangers, without keeping the phone out, and
// connections.
func TestManyAreHeldOff(t *testing.T) {
	t.Parallel()
	g := opened(t)
	for range paceMost {
		g.get("")
	}
	if answer := g.get(""); answer != nothing {
		t.Errorf("a stranger too many: %q", answer)
	}
	g.passes(time.Second)
	cookie := g.letIn()
	for range paceMost {
		g.get("")
	}
	if answer := g.get(cookie); !strings.HasPrefix(answer, "HTTP/1.1 200") {
		t.Errorf("the phone among strangers: %q", answer)
	}

	var silent []net.Conn
	for range mostFromOne {
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", g.host)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		silent = append(silent, conn)
	}
	if answer := g.get(cookie); answer != "" && answer != "cut off" {
		t.Errorf("one connection too many: %q", answer)
	}
	for _, conn := range silent {
		conn.Close()
	}
	for !strings.HasPrefix(g.get(cookie), "HTTP/1.1 200") { // as soon as it is known that they left
		if t.Context().Err() != nil {
			t.Fatal("nobody is let in any more")
		}
	}
	if !slices.Contains(g.kinds(), TooMany) {
		t.Errorf("the journal has %v", g.kinds())
	}
}

// TestOthersStayOutside ends connections from other networks before a word, and the
// longest where there are too many.
func TestOthersStayOutside(t *testing.T) {
	t.Parallel()
	d := &door{network: netip.MustParsePrefix("192.168.7.0/24"), refuse: func(netip.Addr, Kind) {}}
	for from, inside := range map[string]bool{"192.168.7.20:5": true, "[::ffff:192.168.7.20]:5": true, "192.168.8.20:5": false, "[fe80::1%eth0]:5": false, "127.0.0.1:5": false, "8.8.8.8:53": false, "nonsense": false} {
		if got := d.network.Contains(addrOf(remote(from))); got != inside {
			t.Errorf("%s is inside: %t", from, got)
		}
	}
	var first net.Conn
	for i := range mostGuests + 1 {
		conn, other := net.Pipe()
		t.Cleanup(func() { conn.Close() })
		if first == nil {
			first = other
		}
		if d.enter(conn, netip.AddrFrom4([4]byte{192, 168, 7, byte(i)})) == nil {
			t.Fatalf("guest %d is not let in", i)
		}
	}
	if _, err := first.Read(make([]byte, 1)); err != io.EOF || len(d.guests) != mostGuests {
		t.Errorf("the first of %d is still there, %v", len(d.guests), err)
	}
}

// TestSlowOnesAreCutOff bounds each part of a request. TestJourneyPhoneInTheRoom waits for it.
func TestSlowOnesAreCutOff(t *testing.T) {
	t.Parallel()
	r := &Room{Config: Config{Log: slog.New(slog.DiscardHandler)}}
	s := r.server()
	if s.ReadHeaderTimeout > 5*time.Second || s.ReadTimeout > 10*time.Second || s.WriteTimeout > 20*time.Second || s.MaxHeaderBytes > 4<<10 || !s.DisableGeneralOptionsHandler {
		t.Errorf("%+v", s)
	}
}

// TestJournalIsBounded keeps how much there was, whoever comes.
func TestJournalIsBounded(t *testing.T) {
	t.Parallel()
	var j journal
	for i := range 10 * mostEvents {
		j.add(Refused, netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)}), time.Time{})
	}
	of := 0
	for _, e := range j.all() {
		of += e.Of
	}
	if len(j.events) != mostEvents+1 || of != 10*mostEvents {
		t.Errorf("%d lines of %d events", len(j.events), of)
	}
}
