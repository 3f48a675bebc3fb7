package main

import (
	"bufio"
	"bytes"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"consentry/app"
	"consentry/app/bank"
	"consentry/app/secret"
	"consentry/storage"
	"consentry/xs2a/sandbox"
)

var (
	chaosSequences = flag.Int("chaos.sequences", 10, "random sequences of TestChaos")
	chaosSeed      = flag.Uint64("chaos.seed", 1, "seed of its first sequence")
)

const (
	// chaosPerWorld is the number of sequences in one data folder, with the same banks.
	chaosPerWorld = 10

	// chaosDisk is the room a world has where it can have a disk of its own.
	chaosDisk = "48m"

	// chaosInside tells the test binary that it may mount disks, chaosProgram where the
	// program was built.
	chaosInside  = "CONSENTRY_CHAOS_INSIDE"
	chaosProgram = "CONSENTRY_CHAOS_PROGRAM"
)

// TestChaos lets a person act in two windows of the real program over HTTP, with the
// practice banks on the other side, while the program is killed and started again, the
// line breaks and the disk fills up. After each sequence what the program holds is
// compared with the banks' books, see compareBooks. make chaos runs a thousand.
func TestChaos(t *testing.T) {
	path := os.Getenv(chaosProgram)
	if path == "" {
		path = program(t)
		if onItsOwnDisks(t, path) {
			return
		}
	}
	for done := 0; done < *chaosSequences; done += chaosPerWorld {
		first := *chaosSeed + uint64(done)
		t.Run(fmt.Sprint(first), func(t *testing.T) {
			t.Parallel()
			c := newChaos(t, path, listedBanks)
			c.banks = c.banks[:2] // few, so that what happens meets
			for n := range uint64(min(chaosPerWorld, *chaosSequences-done)) {
				c.sequence(first + n)
			}
			c.tally()
		})
	}
}

// onItsOwnDisks runs the test once more where it may mount small disks, and tells
// whether it could. Nothing of that is seen outside.
func onItsOwnDisks(t *testing.T, path string) bool {
	t.Helper()
	if exec.Command("unshare", "-rm", "mount", "-t", "tmpfs", "none", t.TempDir()).Run() != nil {
		t.Log("the disk that fills up is left out: this machine lets nobody mount one")
		return false
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	again := exec.Command("unshare", "-rm", self, "-test.run=^"+t.Name()+"$", "-test.timeout=0", "-test.v",
		fmt.Sprint("-chaos.sequences=", *chaosSequences), fmt.Sprint("-chaos.payments=", *chaosPayments), fmt.Sprint("-chaos.seed=", *chaosSeed))
	again.Env = append(os.Environ(), chaosInside+"=1", chaosProgram+"="+path)
	out, err := again.CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Error(err)
	}
	return true
}

// chaos is a data folder with its banks, and a person before the program.
type chaos struct {
	*testing.T
	path, disk, dir string
	full            bool // the disk
	canFill         bool
	key             *secret.Box
	server          *sandbox.Server
	info            sandbox.Info
	banks           []storage.ASPSP
	dice            *rand.Rand
	seed            uint64

	program *exec.Cmd // nil: it does not run
	ended   chan struct{}
	problem *bytes.Buffer
	person  chaosPerson

	mu   sync.Mutex
	said []string
	chaosFacts
}

// listedBanks are the practice banks that a directory lists.
func listedBanks(info sandbox.Info) storage.Environment {
	practice := bank.Practice(info)
	practice.Banks = nil
	return practice
}

// newChaos starts banks and makes a data folder that knows them as an environment.
func newChaos(t *testing.T, path string, practice func(sandbox.Info) storage.Environment) *chaos {
	t.Helper()
	c := &chaos{T: t, path: path, disk: t.TempDir(), canFill: os.Getenv(chaosInside) != "", chaosFacts: newChaosFacts()}
	if c.canFill {
		c.must(exec.Command("mount", "-t", "tmpfs", "-o", "size="+chaosDisk, "none", c.disk).Run())
		t.Cleanup(func() { _ = exec.Command("umount", "-l", c.disk).Run() }) // lazily: a child just born may hold a file of it for a moment
	}
	c.dir = filepath.Join(c.disk, "data")
	var err error
	c.server, err = sandbox.Start("127.0.0.1:0", sandbox.Config{Seed: 1})
	c.must(err)
	t.Cleanup(func() { c.server.Close() })
	c.info = c.server.Info()
	c.must(os.MkdirAll(c.dir, 0o700))
	c.key, err = secret.LoadWithoutKeyring(c.dir, slog.New(slog.DiscardHandler))
	c.must(err)
	c.inside(func(a *app.App, store *storage.Store) {
		c.must(a.UseSandbox(t.Context(), practice(c.info)))
		c.must(a.Banks().Refresh(t.Context(), bank.SandboxID))
		c.banks, err = a.Banks().List(t.Context(), storage.ASPSPQuery{})
		c.must(err)
	})
	t.Cleanup(c.kill)
	return c
}

// inside opens the data folder while the program does not run.
func (c *chaos) inside(do func(a *app.App, store *storage.Store)) {
	c.Helper()
	store, err := storage.Open(c.Context(), c.dir, c.key, time.Now)
	c.must(err)
	a := app.New(app.Config{Store: store, Pause: 20 * time.Millisecond, CallbackURL: "http://127.0.0.1:1/callback"})
	defer func() { a.Close(); c.must(store.Close()) }()
	do(a, store)
}

func (c *chaos) must(err error) {
	c.Helper()
	if err != nil {
		c.Fatalf("seed %d, after %s: %v%s", c.seed, c.story(), err, c.room())
	}
}

// room is what the disk says of itself, where it is one of the test's own.
func (c *chaos) room() string {
	if !c.canFill {
		return ""
	}
	out, _ := exec.Command("df", "-k", c.disk).Output() // for people; none is no harm
	return "\n" + string(out)
}

func (c *chaos) tell(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.said = append(c.said, fmt.Sprintf(format, args...))
}

func (c *chaos) story() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return strings.Join(c.said, "; ")
}

// sequence lets things happen, brings them to rest, and compares.
func (c *chaos) sequence(seed uint64) {
	c.Helper()
	c.seed, c.said, c.dice = seed, nil, rand.New(rand.NewPCG(seed, 0))
	for range 3 + c.dice.IntN(6) {
		c.running()
		c.happen()
	}
	c.empty()
	c.play("DELETE", "/faults", "")
	if c.dice.IntN(2) == 0 {
		c.kill()
	} else {
		c.end()
	}
	c.compareBooks()
}

// happen lets the person act in one window or two, and the program die of it or not.
func (c *chaos) happen() {
	c.Helper()
	switch at := c.dice.IntN(20); {
	case at == 0:
		c.tell("restart")
		c.end()
		return
	case at == 1:
		c.fill()
		return
	case at < 4:
		c.empty()
		return
	case at < 7:
		c.bankActs()
		return
	}
	var windows sync.WaitGroup
	for range 1 + c.dice.IntN(2) {
		act := c.pickAct()
		c.tell("%s", act.name)
		seed := c.dice.Uint64()
		windows.Go(func() { act.do(c, rand.New(rand.NewPCG(seed, 0))) })
	}
	if c.dice.IntN(2) == 0 {
		after := time.Duration(c.dice.IntN(40_000)) * time.Microsecond
		timer := time.AfterFunc(after, func() { _ = c.program.Process.Kill() })
		windows.Wait()
		if !timer.Stop() {
			c.tell("(killed)")
			c.kills++
			c.gone()
		}
		return
	}
	windows.Wait()
}

// running starts the program if it does not run. Where the disk is full it may not
// start, and has to as soon as there is room.
func (c *chaos) running() {
	c.Helper()
	if c.program != nil {
		select {
		case <-c.ended:
			c.Fatalf("seed %d, after %s: the program ended by itself: %s", c.seed, c.story(), c.problem)
		default:
			return
		}
	}
	if err := c.launch(); err != nil && c.full {
		c.empty()
	} else {
		c.must(err)
		return
	}
	c.must(c.launch())
}

// launch starts the program and opens it in the person's browser.
func (c *chaos) launch() error {
	program := exec.Command(c.path, "serve", "-sandbox=false", "-data", c.dir, "-pause", "20ms")
	program.Env = append(os.Environ(), "CONSENTRY_KEYRING=off")
	c.problem = &bytes.Buffer{}
	program.Stderr = c.problem
	out, err := program.StdoutPipe()
	if err != nil {
		return err
	}
	if err := program.Start(); err != nil {
		return err
	}
	first, err := bufio.NewReader(out).ReadString('\n')
	ended := make(chan struct{})
	go func() { _ = program.Wait(); close(ended) }()
	if err == nil {
		c.person, err = opens(strings.TrimSpace(first))
	}
	if err != nil {
		_ = program.Process.Kill()
		<-ended
		return fmt.Errorf("the program did not start: %w: %s", err, c.problem)
	}
	c.program, c.ended = program, ended
	return nil
}

// kill ends the program as a power cut does, but for the disk's part in it.
func (c *chaos) kill() {
	if c.program != nil {
		_ = c.program.Process.Kill()
		c.gone()
	}
}

// gone waits for a program that was killed.
func (c *chaos) gone() {
	<-c.ended
	c.program = nil
}

// end ends the program as the system does.
func (c *chaos) end() {
	c.Helper()
	if c.program == nil {
		return
	}
	_ = c.program.Process.Signal(syscall.SIGTERM)
	select {
	case <-c.ended:
	case <-time.After(time.Minute):
		_ = c.program.Process.Signal(syscall.SIGQUIT) // which has it say what it does
		<-c.ended
		c.Fatalf("seed %d, after %s: the program does not end:\n%s", c.seed, c.story(), c.problem)
	}
	c.program = nil
}

// fill leaves no room on the disk.
func (c *chaos) fill() {
	if !c.canFill || c.full {
		return
	}
	c.tell("the disk fills up")
	c.full = true
	c.fills++
	ballast, err := os.Create(filepath.Join(c.disk, "ballast"))
	c.must(err)
	defer ballast.Close()
	block := make([]byte, 64<<10)
	for size := len(block); size > 0; {
		_, err := ballast.Write(block[:size])
		switch {
		case errors.Is(err, syscall.ENOSPC):
			size /= 4
		default:
			c.must(err)
		}
	}
}

// empty gives the disk room again, and waits until the system has counted it.
func (c *chaos) empty() {
	if !c.full {
		return
	}
	c.tell("the disk has room again")
	c.full = false
	c.must(os.Remove(filepath.Join(c.disk, "ballast")))
	probe := filepath.Join(c.disk, "probe")
	for errors.Is(os.WriteFile(probe, make([]byte, 1<<20), 0o600), syscall.ENOSPC) {
		time.Sleep(time.Millisecond)
	}
	c.must(os.Remove(probe))
}
