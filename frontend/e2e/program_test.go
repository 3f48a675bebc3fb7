package e2e

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"consentry/storage"
)

// program is Consentry as a process, with a data folder of its own.
type program struct {
	t       *testing.T
	data    string
	flags   []string
	given   []string // variables of its environment besides
	process *exec.Cmd
	log     *lockedBuffer
	told    *lockedBuffer // what was logged by runs that are over

	address string // what it printed: where a person begins
	at      string // where the practice banks are; empty: in the program itself

	known *knownBanks
}

// knownBanks are the practice banks as they were read from the program's data.
type knownBanks struct {
	sync.Mutex
	here  string                   // where they are in this run of the program
	banks map[string]storage.ASPSP // by their names
}

// start runs the program. It is ended with the test.
func start(t *testing.T, flags ...string) *program { t.Helper(); return startWith(t, nil, flags...) }

// startWith runs the program with variables of its environment.
func startWith(t *testing.T, given []string, flags ...string) *program {
	t.Helper()
	needBrowser(t)
	c := &program{t: t, data: filepath.Join(t.TempDir(), "data"), flags: flags, given: given, told: &lockedBuffer{}, known: &knownBanks{}}
	c.run()
	t.Cleanup(func() {
		running := c.contents()
		c.end(syscall.SIGTERM)
		c.searched(running)
		if t.Failed() {
			t.Logf("the program's log:\n%s", c.log)
			keep(t, "program.log", []byte(c.log.String()))
		}
	})
	return c
}

// run starts the process on the data folder, as at first and after a kill.
func (c *program) run() {
	c.t.Helper()
	c.log = &lockedBuffer{}
	arguments := append([]string{"serve", "-data", c.data, "-pause", "50ms"}, c.flags...)
	line := c.spawn(arguments, func(out *bufio.Reader) (string, error) { return out.ReadString('\n') })
	c.address = strings.TrimSpace(line)
	if _, err := url.Parse(c.address); err != nil || !strings.HasPrefix(c.address, "http://127.0.0.1:") {
		c.t.Fatalf("the first line printed is no address: %q\n%s", line, c.log)
	}
	knowsAddress(c.t, c.address)
}

// spawn starts a process and returns what read takes from its standard output.
func (c *program) spawn(arguments []string, read func(*bufio.Reader) (string, error)) string {
	c.t.Helper()
	c.process = exec.Command(consentry, arguments...)
	// What no page asks for is in English, too, whatever the machine's language: see language.
	c.process.Env = append(append(os.Environ(), "CONSENTRY_KEYRING=off", "LANGUAGE=en"), c.given...)
	c.process.Stderr = c.log
	out, err := c.process.StdoutPipe()
	if err != nil {
		c.t.Fatal(err)
	}
	if err := c.process.Start(); err != nil {
		c.t.Fatal(err)
	}
	said, err := read(bufio.NewReader(out))
	if err != nil {
		c.end(syscall.SIGKILL)
		c.t.Fatalf("consentry %s: %v\n%s", strings.Join(arguments, " "), err, c.log)
	}
	return said
}

// end sends a signal and waits until the process is gone; one that does not go
// by itself is killed.
func (c *program) end(signal syscall.Signal) {
	if c.process == nil || c.process.Process == nil {
		return
	}
	_ = c.process.Process.Signal(signal) // it may have gone already
	late := time.AfterFunc(10*time.Second, func() {
		c.t.Error("the program did not end within ten seconds")
		_ = c.process.Process.Kill()
	})
	_ = c.process.Wait() // a killed process always "fails"
	late.Stop()
	_, _ = c.told.Write([]byte(c.log.String())) // never fails
	c.process = nil
	c.known.Lock()
	defer c.known.Unlock()
	c.known.here = ""
}

// kill is the power cut: SIGKILL, with nothing tidied up.
func (c *program) kill() { c.end(syscall.SIGKILL) }

// crash lets it end as it does by a fault of its own: it says what each of its
// parts was doing.
func (c *program) crash() {
	c.t.Helper()
	c.end(syscall.SIGQUIT)
	if !strings.Contains(c.told.String(), "goroutine ") {
		c.t.Error("the program did not say how it ended")
	}
}

// origin is the scheme and host of the address.
func (c *program) origin() string {
	u, err := url.Parse(c.address)
	if err != nil {
		c.t.Fatal(err)
	}
	return u.Scheme + "://" + u.Host
}

// practiceBanks are "consentry sandbox": the banks as a process of their own.
type practiceBanks struct {
	program
	port string
	Info struct {
		Addresses      map[string]map[string]string
		Prefixes       map[string]string // of the services' paths, per dialect
		ClientID       string
		ClientSecret   string
		TPPCertificate string
		TPPKey         string
	}
}

// startBanks runs the practice banks alone. They come back at the same address
// after a kill, with what they knew.
func startBanks(t *testing.T) *practiceBanks {
	t.Helper()
	needBrowser(t)
	b := &practiceBanks{program: program{t: t, data: t.TempDir(), told: &lockedBuffer{}, known: &knownBanks{}}, port: "0"}
	b.run()
	t.Cleanup(func() {
		b.end(syscall.SIGTERM)
		if t.Failed() {
			t.Logf("the banks' log:\n%s", b.log)
			keep(t, "banks.log", []byte(b.log.String()))
		}
	})
	return b
}

func (b *practiceBanks) run() {
	b.t.Helper()
	b.log = &lockedBuffer{}
	arguments := []string{"sandbox", "-addr", "127.0.0.1:" + b.port, "-state", filepath.Join(b.data, "banks.json")}
	b.spawn(arguments, func(out *bufio.Reader) (string, error) { return "", json.NewDecoder(out).Decode(&b.Info) })
	u, err := url.Parse(b.base())
	if err != nil {
		b.t.Fatal(err)
	}
	b.port = u.Port()
}

// base is where all services of the banks are.
func (b *practiceBanks) base() string {
	for _, services := range b.Info.Addresses {
		return services["api"]
	}
	b.t.Fatal("the practice banks name no address")
	return ""
}

// lockedBuffer is written by a process while a test reads it.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
