package main

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/netip"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// The room of a show is a network of the test's own: a machine on which the program runs, and
// a phone, each with its own interfaces, and a cable between them. Nothing of it is seen outside.
const (
	roomPart    = "CONSENTRY_ROOM_PART" // tells the test binary which of the two it is
	roomProgram = "CONSENTRY_ROOM_PROGRAM"

	screenIs   = "192.168.77.1"
	phoneIs    = "192.168.77.2"
	screenIsV6 = "fd77::1"
	phoneIsV6  = "fd77::2"
	strangerIs = "10.9.9.2" // the phone's other address, in another network
	roomWait   = 30 * time.Second

	lyktan   = "/banks/sandbox/lyktan"
	norrsken = "/banks/sandbox/NRSKSEP0" // which has people on a page of its own
)

// TestJourneyPhoneInTheRoom approves at a practice bank on a phone in the same network, and has
// the phone try everything else first.
func TestJourneyPhoneInTheRoom(t *testing.T) {
	switch os.Getenv(roomPart) {
	case "screen":
		showsThePhone(t)
		return
	case "phone":
		isThePhone(t)
		return
	}
	journey(t)
	apart := &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER | syscall.CLONE_NEWNET,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	within := func(name string, args ...string) *exec.Cmd {
		command := exec.Command(name, args...)
		command.SysProcAttr = apart
		return command
	}
	cable := []string{"ip", "link", "add", "room", "type", "veth", "peer", "name", "phone"}
	out, err := within(cable[0], cable[1:]...).CombinedOutput()
	if errors.Is(err, syscall.EPERM) { // no users of one's own; root needs none
		apart = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET}
		out, err = within(cable[0], cable[1:]...).CombinedOutput()
	}
	if err != nil {
		t.Skipf("this system gives no network of the test's own, so that a phone in the room is not tested (it needs user namespaces, veth and the program ip of iproute2): %v %s", err, out)
	}
	command := within(os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v", "-test.timeout=3m")
	command.Env = append(os.Environ(), roomPart+"=screen", roomProgram+"="+program(t))
	out, err = command.CombinedOutput()
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// ip sets up a network.
func ip(t *testing.T, args ...string) {
	t.Helper()
	if out, err := exec.Command("ip", args...).CombinedOutput(); err != nil {
		t.Fatalf("ip %s: %v %s", strings.Join(args, " "), err, out)
	}
}

// invitation is what the phone is told of an approval, as a person would see it.
type invitation struct {
	URL, Code string
	Ports     []uint16 // at which the program listens beside it
	Browser   bool     // the phone approves in a browser
	Page      bool     // it is the bank's page that is shown
}

// screen is the machine that shows the program.
type screen struct {
	tab
	t       *testing.T
	phone   *json.Encoder
	answers *bufio.Reader
}

// showsThePhone is the machine's part.
func showsThePhone(t *testing.T) {
	ip(t, "link", "set", "lo", "up")
	ip(t, "link", "add", "room", "type", "veth", "peer", "name", "phone")
	s := &screen{t: t}
	s.meetsPhone()
	ip(t, "addr", "add", screenIs+"/24", "dev", "room")
	ip(t, "addr", "add", screenIsV6+"/64", "dev", "room", "nodad")
	ip(t, "link", "set", "room", "up")
	ip(t, "route", "add", strangerIs+"/32", "dev", "room")

	var log bytes.Buffer
	consentry := exec.Command(os.Getenv(roomProgram), "serve", "-v", "-data", filepath.Join(t.TempDir(), "data"), "-pause", "50ms")
	consentry.Env, consentry.Stderr = append(os.Environ(), "CONSENTRY_KEYRING=off"), &log
	out, err := consentry.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := consentry.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { consentry.Process.Kill() })
	first, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	jar, _ := cookiejar.New(nil)
	s.browser = &http.Client{Jar: jar, Timeout: roomWait}
	s.base = home(t, s.browser, strings.TrimSpace(first))
	s.until("the banks are known", func() bool {
		status, _ := get(t, s.browser, s.base+lyktan)
		return status == http.StatusOK
	})
	s.listensHereAlone()

	var secrets []string
	for _, browser := range []bool{false, true} { // the browser comes over IPv6
		told := s.shows(browser)
		secrets = append(secrets, told.Code, told.URL[strings.LastIndex(told.URL, "/"):])
		s.asks(told)
		s.until("the consent is valid, and the phone gone", func() bool {
			_, page := get(t, s.browser, s.base+"/consents")
			return strings.Contains(page, "Active") && !strings.Contains(page, "phone-band") && len(outward(t)) == 0
		})
	}
	told := s.showsPage()
	secrets = append(secrets, told.Code, told.URL[strings.LastIndex(told.URL, "/"):])
	s.asks(told)
	s.until("what was approved on the page is linked, and the phone gone", func() bool {
		_, page := get(s.t, s.browser, s.base+"/consents")
		return strings.Count(page, "Norrsken Bank") > 0 && strings.Count(page, "Active") > 1 && !strings.Contains(page, "phone-band") && len(outward(t)) == 0
	})
	s.endsByEach()

	told = s.shows(false) // ends with the program
	secrets = append(secrets, told.Code, told.URL[strings.LastIndex(told.URL, "/"):])
	if err := consentry.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := consentry.Wait(); err != nil {
		t.Errorf("the program ended with %v", err)
	}
	if open := outward(t); len(open) > 0 {
		t.Errorf("still open: %v", open)
	}
	for _, secret := range secrets {
		if strings.Contains(log.String(), secret) {
			t.Errorf("%s stands in the log", secret)
		}
	}
	for _, want := range []string{"what=entered from=" + phoneIs, "what=foreign from=" + strangerIs, "what=refused from=" + phoneIs, "what=code from=" + phoneIs, "why=answered", "why=address", "why=show", "why=program"} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("%q does not stand in the log:\n%s", want, &log)
		}
	}
}

// meetsPhone starts the phone, and hands it its end of the cable.
func (s *screen) meetsPhone() {
	s.t.Helper()
	command := exec.Command(os.Args[0], "-test.run=^"+s.t.Name()+"$", "-test.v", "-test.timeout=2m")
	command.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET}
	command.Env = append(os.Environ(), roomPart+"=phone")
	in, err := command.StdinPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	answers, there, err := os.Pipe()
	if err != nil {
		s.t.Fatal(err)
	}
	var said bytes.Buffer
	command.Stdout, command.Stderr, command.ExtraFiles = &said, &said, []*os.File{there}
	if err := command.Start(); err != nil {
		s.t.Fatal(err)
	}
	there.Close()
	s.phone, s.answers = json.NewEncoder(in), bufio.NewReader(answers)
	ip(s.t, "link", "set", "phone", "netns", strconv.Itoa(command.Process.Pid))
	s.t.Cleanup(func() {
		in.Close()
		if err := command.Wait(); err != nil {
			s.t.Errorf("the phone: %v\n%s", err, &said)
		}
	})
}

// asks has the phone do its part, and waits until it has.
func (s *screen) asks(told invitation) {
	s.t.Helper()
	if err := s.phone.Encode(told); err != nil {
		s.t.Fatal(err)
	}
	if answer, err := s.answers.ReadString('\n'); err != nil || answer != "done\n" {
		s.t.Fatalf("the phone answers %q, %v", answer, err)
	}
}

// until looks until something is so.
func (s *screen) until(what string, so func() bool) {
	s.t.Helper()
	for started := time.Now(); !so(); time.Sleep(20 * time.Millisecond) {
		if time.Since(started) > roomWait {
			s.t.Fatalf("not within %s: %s", roomWait, what)
		}
	}
}

// leads sends a form, and returns the path it leads to.
func (s *screen) leads(path string, form url.Values) string {
	s.t.Helper()
	req, err := http.NewRequest(http.MethodPost, s.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	browser := *s.browser
	browser.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := browser.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	body, _ := io.ReadAll(res.Body)
	at, err := url.Parse(s.base)
	if err != nil {
		s.t.Fatal(err)
	}
	to, found := strings.CutPrefix(res.Header.Get("Location"), at.Path)
	if !found {
		s.t.Fatalf("%s leads nowhere: %s\n%s", path, res.Status, body)
	}
	return to
}

// showsPage begins an approval on a bank's page, and puts that into the room.
func (s *screen) showsPage() invitation {
	s.t.Helper()
	approval := s.wants(norrsken)
	s.until("the bank's page is to be opened", func() bool {
		_, page := get(s.t, s.browser, s.base+approval)
		return strings.Contains(page, "Approve at Norrsken Bank") && strings.Contains(page, "Show it on a real phone")
	})
	told := s.opens(approval, false)
	told.Page = true
	return told
}

// wants asks a bank for a consent.
func (s *screen) wants(bank string) (approval string) {
	s.t.Helper()
	_, page := get(s.t, s.browser, s.base+bank+"/share")
	form := url.Values{"valid_until": {time.Now().AddDate(0, 0, 90).Format(time.DateOnly)}, "frequency": {"4"}, "recurring": {"on"}, "balances": {"on"}, "purpose": {"Test"}}
	for _, hidden := range regexp.MustCompile(`type="hidden" name="(\w+)" value="([^"]*)"`).FindAllStringSubmatch(page, -1) {
		form.Set(hidden[1], hidden[2])
	}
	return s.leads(bank+"/share", form)
}

// begins asks Lyktans Bank for a consent, up to where a phone is waited for.
func (s *screen) begins() (approval string) {
	s.t.Helper()
	approval = s.wants(lyktan)
	s.until("the bank asks who it is", func() bool {
		_, page := get(s.t, s.browser, s.base+approval)
		return strings.Contains(page, `value="identify"`)
	})
	s.leads(approval+"/give", url.Values{"step": {"identify"}, "psu_id": {"lukas"}})
	s.until("a phone is waited for", func() bool {
		_, page := get(s.t, s.browser, s.base+approval)
		return strings.Contains(page, "Approve on your other device") && strings.Contains(page, "Show it on a real phone")
	})
	return approval
}

var (
	phoneURL  = regexp.MustCompile(`<pre id="phone-address"[^>]*>([^<]+)</pre>`)
	phoneCode = regexp.MustCompile(`room-code">(\d{3}) (\d{3})<`)
)

// shows begins an approval and puts its phone into the room.
func (s *screen) shows(browser bool) invitation {
	s.t.Helper()
	approval := s.begins()
	return s.opens(approval, browser)
}

func (s *screen) opens(approval string, browser bool) invitation {
	s.t.Helper()
	_, page := get(s.t, s.browser, s.base+approval+"/phone")
	if strings.Count(page, `name="address"`) != 2 || !strings.Contains(page, "who is in the network 192.168.77.0/24 can reach it") || !strings.Contains(page, "who is in the network fd77::/64 can reach it") {
		s.t.Fatalf("these addresses are offered:\n%s", page)
	}
	for _, no := range []string{"", "127.0.0.1", "0.0.0.0", "::", "8.8.8.8", "192.168.77.3", "localhost"} {
		if status, _ := s.post(s.t, approval+"/phone", url.Values{"address": {no}}); status != http.StatusUnprocessableEntity || len(outward(s.t)) > 0 {
			s.t.Fatalf("at %q: %d", no, status)
		}
	}
	ports, at := s.listensHereAlone(), screenIs
	if browser {
		at = screenIsV6
	}
	s.leads(approval+"/phone", url.Values{"address": {at}})
	if open := outward(s.t); len(open) != 1 || open[0].Addr().String() != at {
		s.t.Fatalf("open are %v", open)
	}
	_, page = get(s.t, s.browser, s.base+approval)
	address, code := phoneURL.FindStringSubmatch(page), phoneCode.FindStringSubmatch(page)
	if address == nil || code == nil || !strings.Contains(page, "phone-band") {
		s.t.Fatalf("the screen shows no phone:\n%s", page)
	}
	return invitation{URL: html.UnescapeString(address[1]), Code: code[1] + code[2], Ports: ports, Browser: browser}
}

// endsByEach takes the phone out of the room in each way that there is without an answer.
func (s *screen) endsByEach() {
	s.t.Helper()
	gone := func(how string) {
		s.t.Helper()
		s.until("the phone is gone by "+how, func() bool { return len(outward(s.t)) == 0 })
	}
	s.shows(false)
	s.leads("/phone/end", nil)
	gone("a click")
	for path, form := range map[string]url.Values{
		"/stage/reset": nil, "/stage/scenes/three-banks": nil, "/settings/presenter": {"presenter": {"off"}}, "/settings/audience": {"audience": {"testing"}}, "/stage/stories/consent": nil, "/stage/panel/end": nil,
	} {
		s.shows(false)
		s.leads(path, form)
		gone(path)
	}
	approval := s.begins()
	s.opens(approval, false)
	s.leads(approval+"/giveup", nil)
	gone("giving up")
	s.shows(false)
	ip(s.t, "addr", "del", screenIs+"/24", "dev", "room")
	gone("leaving the network")
	ip(s.t, "addr", "add", screenIs+"/24", "dev", "room")
	ip(s.t, "route", "replace", strangerIs+"/32", "dev", "room")
	s.leads("/settings/audience", url.Values{"audience": {"own"}})
	if status, _ := get(s.t, s.browser, s.base+approval+"/phone"); status != http.StatusNotFound {
		s.t.Errorf("who looks at their own banks is offered a phone: %d", status)
	}
	s.leads("/settings/audience", url.Values{"audience": {"showing"}})
}

// listensHereAlone holds that everything but a phone in the room listens at loopback addresses,
// and returns the ports.
func (s *screen) listensHereAlone() (ports []uint16) {
	s.t.Helper()
	if open := outward(s.t); len(open) > 0 {
		s.t.Fatalf("others can reach %v", open)
	}
	for _, at := range listening(s.t) {
		ports = append(ports, at.Port())
	}
	if len(ports) < 3 { // the program, the practice banks, and those that want a certificate
		s.t.Fatalf("listening are %v", ports)
	}
	return ports
}

// outward are the addresses that answer to others than this machine.
func outward(t *testing.T) []netip.AddrPort {
	t.Helper()
	return slices.DeleteFunc(listening(t), func(at netip.AddrPort) bool { return at.Addr().IsLoopback() })
}

// listening are all addresses of this network at which somebody listens, as the system lists them.
func listening(t *testing.T) (all []netip.AddrPort) {
	t.Helper()
	for _, file := range []string{"/proc/self/net/tcp", "/proc/self/net/tcp6"} {
		list, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(list)) {
			if parts := strings.Fields(line); len(parts) > 3 && parts[3] == "0A" {
				all = append(all, listed(t, parts[1]))
			}
		}
	}
	return all
}

// listed reads an address of the system's list: words of four bytes, the last byte first.
func listed(t *testing.T, text string) netip.AddrPort {
	t.Helper()
	address, port, _ := strings.Cut(text, ":")
	raw, err := hex.DecodeString(address)
	number, wrong := strconv.ParseUint(port, 16, 16)
	if err != nil || wrong != nil {
		t.Fatalf("the system lists %q", text)
	}
	for i := 0; i < len(raw); i += 4 {
		slices.Reverse(raw[i : i+4])
	}
	at, _ := netip.AddrFromSlice(raw)
	return netip.AddrPortFrom(at.Unmap(), uint16(number))
}

// isThePhone is the phone's part: of each invitation it tries what it should not, and approves.
func isThePhone(t *testing.T) {
	done := os.NewFile(3, "done")
	invitations := json.NewDecoder(os.Stdin)
	for first := true; ; first = false {
		var told invitation
		if err := invitations.Decode(&told); err == io.EOF {
			return
		} else if err != nil {
			t.Fatal(err)
		}
		if first { // by now the cable is plugged in
			ip(t, "link", "set", "lo", "up")
			ip(t, "addr", "add", phoneIs+"/24", "dev", "phone")
			ip(t, "addr", "add", phoneIsV6+"/64", "dev", "phone", "nodad")
			ip(t, "addr", "add", strangerIs+"/32", "dev", "phone")
			ip(t, "link", "set", "phone", "up")
		}
		p := phone{t, told, mustParse(t, told.URL), phoneIs}
		if told.Browser {
			p.is = phoneIsV6
		}
		p.triesAll()
		switch {
		case told.Browser:
			p.approvesInBrowser()
		case told.Page:
			p.approvesOnPage()
		default:
			p.approves()
		}
		fmt.Fprintln(done, "done")
	}
}

func mustParse(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// phone is one that was invited.
type phone struct {
	*testing.T
	invitation
	at *url.URL
	is string // where it comes from
}

// nothingThere is what the room answers to all but its page.
const nothingThere = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

// says sends a request as it stands, and returns the answer as it comes.
func (p phone) says(from, request string) string {
	p.Helper()
	dialer := net.Dialer{Timeout: roomWait, LocalAddr: &net.TCPAddr{IP: net.ParseIP(from)}}
	conn, err := dialer.Dial("tcp", p.at.Host)
	if err != nil {
		p.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(roomWait))
	_, _ = io.WriteString(conn, request)
	answer, _ := io.ReadAll(conn) // what came before it was cut off
	return string(answer)
}

// triesAll asks for what it should not get.
func (p phone) triesAll() {
	p.Helper()
	slow, err := net.Dial("tcp", p.at.Host)
	if err != nil {
		p.Fatal(err)
	}
	defer slow.Close()
	fmt.Fprintf(slow, "GET %s HTT", p.at.Path)

	for _, port := range p.Ports {
		at := net.JoinHostPort(p.at.Hostname(), strconv.Itoa(int(port)))
		if conn, err := net.DialTimeout("tcp", at, roomWait); !errors.Is(err, syscall.ECONNREFUSED) {
			p.Errorf("%s answers: %v, %v", at, conn, err)
		}
	}
	for _, route := range routesOfBoth(p.T) {
		method, path, _ := strings.Cut(route, " ")
		for _, target := range []string{path, p.at.Path + path, "http://127.0.0.1:" + strconv.Itoa(int(p.Ports[0])) + path} {
			if answer := p.says(p.is, method+" "+target+" HTTP/1.1\r\nHost: "+p.at.Host+"\r\n\r\n"); answer != nothingThere {
				p.Errorf("%s %s: %q", method, target, answer)
			}
		}
	}
	for _, host := range []string{"rebound.example:" + p.at.Port(), "rebound.example", "localhost:" + p.at.Port(), "127.0.0.1:" + strconv.Itoa(int(p.Ports[0])), p.at.Hostname()} {
		if answer := p.says(p.is, "GET "+p.at.Path+" HTTP/1.1\r\nHost: "+host+"\r\n\r\n"); answer != nothingThere {
			p.Errorf("as %s: %q", host, answer)
		}
	}
	if p.is == phoneIs {
		if answer := p.says(strangerIs, "GET "+p.at.Path+" HTTP/1.1\r\nHost: "+p.at.Host+"\r\n\r\n"); answer != "" {
			p.Errorf("from another network: %q", answer)
		}
	}
	_ = slow.SetReadDeadline(time.Now().Add(roomWait))
	if answer, err := io.ReadAll(slow); errors.Is(err, os.ErrDeadlineExceeded) || len(answer) > 0 && string(answer) != nothingThere {
		p.Errorf("a slow request: %q, %v", answer, err)
	}
}

// routesOfBoth are the routes of the program and of the practice banks, as they stand in the sources.
func routesOfBoth(t *testing.T) (all []string) {
	t.Helper()
	files, err := filepath.Glob("xs2a/sandbox/*.go")
	if err != nil {
		t.Fatal(err)
	}
	route := regexp.MustCompile(`"((?:GET|POST|PUT|DELETE) /[^"]*)"`)
	for _, file := range append(files, "frontend/routes.go") {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range route.FindAllStringSubmatch(string(source), -1) {
			all = append(all, regexp.MustCompile(`\{[^}]*\}`).ReplaceAllString(found[1], "x"))
		}
	}
	if len(all) < 150 {
		t.Fatalf("only %d routes were found", len(all))
	}
	return append(all, "GET /start?token=x", "GET /callback?code=x&state=y", "GET /static/app.css", "GET /s/x/", "GET /favicon.ico")
}

// client is a browser of the phone's own, and how it sends a form.
func (p phone) client() (browser *http.Client, send func(url.Values) (int, string)) {
	p.Helper()
	jar, _ := cookiejar.New(nil)
	browser = &http.Client{Jar: jar, Timeout: roomWait}
	send = func(form url.Values) (int, string) {
		p.Helper()
		req, err := http.NewRequest(http.MethodPost, p.URL, strings.NewReader(form.Encode()))
		if err != nil {
			p.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", "http://"+p.at.Host)
		res, err := browser.Do(req)
		if err != nil {
			p.Fatal(err)
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		if err != nil {
			p.Fatal(err)
		}
		return res.StatusCode, string(body)
	}
	return browser, send
}

// approvesOnPage goes through the pages of a bank, as they stand alone, to their end.
func (p phone) approvesOnPage() {
	p.Helper()
	_, send := p.client()
	status, page := send(url.Values{"code": {p.Code}})
	step := func(want string, form url.Values) {
		p.Helper()
		status, page = send(form)
		if status != http.StatusOK || !strings.Contains(page, want) {
			p.Fatalf("after %v %q is not on the phone: %d\n%s", form, want, status, page)
		}
		if regexp.MustCompile(`(src|href|action)="(http|/)|127\.0\.0\.1|localhost`).MatchString(page) {
			p.Errorf("the phone is led elsewhere:\n%s", page)
		}
	}
	step("Step 1 of 3", url.Values{"action": {"approve"}}) // the code is not looked at before the login
	step("laterne-88", url.Values{"as": {"lukas"}})
	step("Step 2 of 3", url.Values{"action": {"next"}, "login": {"lukas"}, "password": {"laterne-88"}})
	if status, _ := get(p.T, http.DefaultClient, p.URL); status != http.StatusNotFound {
		p.Errorf("another phone: %d", status)
	}
	accounts := url.Values{"action": {"next"}}
	for _, box := range regexp.MustCompile(`name="(accounts|balances|transactions)" value="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		accounts.Add(box[1], box[2])
	}
	step("Step 3 of 3", accounts)
	code := regexp.MustCompile(`id="practice-code">(\d+)<`).FindStringSubmatch(page)
	if code == nil {
		p.Fatalf("the bank gives no code:\n%s", page)
	}
	step("Approved", url.Values{"action": {"approve"}, "code": {code[1]}})
}

// approves with a client of its own: a wrong code first, then the right one as soon as it is taken.
func (p phone) approves() {
	p.Helper()
	browser, send := p.client()
	if status, page := get(p.T, browser, p.URL); status != http.StatusOK || !strings.Contains(page, "Code on the screen") || strings.Contains(page, "Lyktans") {
		p.Errorf("before the code: %d\n%s", status, page)
	}
	if status, page := send(url.Values{"code": {"no"}}); status != http.StatusUnprocessableEntity {
		p.Errorf("a wrong code: %d\n%s", status, page)
	}
	if status, page := send(url.Values{"action": {"approve"}, "password": {"x"}}); status != http.StatusTooManyRequests || strings.Contains(page, "Lyktans") {
		p.Errorf("no code: %d\n%s", status, page)
	}
	status, page := send(url.Values{"code": {p.Code}})
	for started := time.Now(); status == http.StatusTooManyRequests && time.Since(started) < roomWait; status, page = send(url.Values{"code": {p.Code}}) {
		time.Sleep(300 * time.Millisecond)
	}
	for _, want := range []string{"Lyktans Bank", "Logged in as <strong>lukas</strong>", "<style>", "data:image/svg+xml;base64,"} {
		if status != http.StatusOK || !strings.Contains(page, want) {
			p.Fatalf("%q is not on the phone: %d\n%s", want, status, page)
		}
	}
	if regexp.MustCompile(`(src|href|action)="(http|/)|127\.0\.0\.1|localhost`).MatchString(page) {
		p.Errorf("the phone is led elsewhere:\n%s", page)
	}
	if status, _ := get(p.T, http.DefaultClient, p.URL); status != http.StatusNotFound {
		p.Errorf("another phone: %d", status)
	}
	if status, page := send(url.Values{"action": {"approve"}, "password": {"wrong"}}); !strings.Contains(page, "The password is wrong") {
		p.Errorf("a wrong password: %d\n%s", status, page)
	}
	password := regexp.MustCompile(`name="password" type="password" value="([^"]+)"`).FindStringSubmatch(page)
	if password == nil {
		p.Fatalf("no password is filled in:\n%s", page)
	}
	if status, page := send(url.Values{"action": {"approve"}, "password": {html.UnescapeString(password[1])}}); status != http.StatusOK || !strings.Contains(page, "Approved") {
		p.Errorf("approving: %d\n%s", status, page)
	}
}

// approvesInBrowser types the code and approves in Chromium: what the pages hold works there
// under their own policy.
func (p phone) approvesInBrowser() {
	p.Helper()
	var browser string
	for _, name := range []string{"chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if found, err := exec.LookPath(name); err == nil && browser == "" {
			browser = found
		}
	}
	if browser == "" {
		p.Fatal("no Chromium was found: install the package chromium")
	}
	allocator, cancel := chromedp.NewExecAllocator(p.Context(), append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(browser), chromedp.NoSandbox)...)
	defer cancel()
	tab, cancel := chromedp.NewContext(allocator)
	defer cancel()
	see := func(want string) {
		p.Helper()
		for started := time.Now(); ; time.Sleep(25 * time.Millisecond) {
			text, err := chromedp.Run(tab, chromedp.Evaluate[string](`document.body ? document.body.innerText : ""`))
			if strings.Contains(text, want) {
				return
			}
			if time.Since(started) > roomWait {
				p.Fatalf("%q is not seen, %v:\n%s", want, err, text)
			}
		}
	}
	do := func(actions ...chromedp.Action[chromedp.Void]) {
		p.Helper()
		if err := chromedp.Do(tab, actions...); err != nil {
			p.Fatal(err)
		}
	}
	do(chromedp.Navigate(p.URL))
	see("Code on the screen")
	do(chromedp.Evaluate[chromedp.Void](`document.querySelector("#code").value = "` + p.Code[:3] + " " + p.Code[3:] + `"; document.querySelector("button").click()`))
	see("Logged in as lukas")
	colour, err := chromedp.Run(tab, chromedp.Evaluate[string](`getComputedStyle(document.querySelector("header")).backgroundColor`))
	if err != nil || colour != "rgb(154, 3, 30)" { // the bank's: the policy lets its style in
		p.Errorf("the bank's head is %s, %v", colour, err)
	}
	do(chromedp.Evaluate[chromedp.Void](`document.querySelector("button[value=approve]").click()`))
	see("Approved")
}
