package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// program builds the real program once for all tests and benchmarks.
func program(tb testing.TB) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "consentry")
	build := exec.Command("go", "build", "-o", path, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		tb.Fatalf("building: %v\n%s", err, out)
	}
	return path
}

// start runs the program and gives the first line it prints.
func start(tb testing.TB, path string, args ...string) (first string, cmd *exec.Cmd) {
	tb.Helper()
	cmd = exec.Command(path, args...)
	cmd.Env = append(os.Environ(), "CONSENTRY_KEYRING=off")
	out, err := cmd.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	var problems bytes.Buffer
	cmd.Stderr = &problems
	if err := cmd.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	first, err = bufio.NewReader(out).ReadString('\n')
	if err != nil {
		tb.Fatalf("no first line: %v\n%s", err, problems.String())
	}
	return strings.TrimSpace(first), cmd
}

// get opens an address as a browser with cookies does.
func get(tb testing.TB, client *http.Client, address string) (status int, body string) {
	tb.Helper()
	res, err := client.Get(address)
	if err != nil {
		tb.Fatal(err)
	}
	defer res.Body.Close()
	content, err := io.ReadAll(res.Body)
	if err != nil {
		tb.Fatal(err)
	}
	return res.StatusCode, string(content)
}

// TestServe starts the program as a person does: the address it prints first
// works once, and an interrupt ends it cleanly.
func TestServe(t *testing.T) {
	first, cmd := start(t, program(t), "serve", "-data", t.TempDir())
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := &http.Client{Jar: jar}
	if status, body := get(t, browser, first); status != http.StatusOK || !strings.Contains(body, "Link a bank") {
		t.Fatalf("%s: %d\n%.500s", first, status, body)
	}
	if status, _ := get(t, &http.Client{}, first); status != http.StatusUnauthorized {
		t.Errorf("the address worked a second time, in another browser: %d", status)
	}
	cmd.Process.Signal(syscall.SIGINT)
	if err := cmd.Wait(); err != nil {
		t.Errorf("ended with %v", err)
	}
}

// TestSandboxCommand reads what the sandbox says about itself and gets a token
// with it.
func TestSandboxCommand(t *testing.T) {
	path := program(t)
	cmd := exec.Command(path, "sandbox")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	var info struct {
		TokenEndpoint, ClientID, ClientSecret string
		Addresses                             map[string]map[string]string
		PSUs                                  []struct{ Login, Password, Code string }
	}
	if err := json.NewDecoder(out).Decode(&info); err != nil {
		t.Fatal(err)
	}
	if info.Addresses["openpayments"]["api"] == "" || len(info.PSUs) < 5 {
		t.Errorf("got %+v", info)
	}
	res, err := http.PostForm(info.TokenEndpoint, map[string][]string{
		"grant_type": {"client_credentials"}, "scope": {"aspspinformation private"},
		"client_id": {info.ClientID}, "client_secret": {info.ClientSecret},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Errorf("the token endpoint says %s", res.Status)
	}
}

// TestCommandLine says what is wrong with a command.
func TestCommandLine(t *testing.T) {
	for args, want := range map[string]string{
		"dance":                      `there is no command "dance"`,
		"serve -addr 0.0.0.0:80":     "not a loopback address",
		"serve -addr nonsense":       "-addr",
		"serve -addr 192.168.1.1:80": "not a loopback address",
		"serve extra":                `"extra" is not understood`,
		"sandbox -addr 0.0.0.0:0":    "not a loopback address",
	} {
		var out bytes.Buffer
		if err := run(context.Background(), strings.Fields(args), &out, &out); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", args, err, want)
		}
	}
	var out bytes.Buffer
	if err := run(context.Background(), []string{"version"}, &out, &out); err != nil || !strings.HasPrefix(out.String(), "consentry ") {
		t.Errorf("version: %q, %v", out.String(), err)
	}
}

// BenchmarkStart measures a person's wait from starting the program to the
// first screen: a new data folder, the practice banks inside.
func BenchmarkStart(b *testing.B) {
	path := program(b)
	for _, kind := range []string{"new data", "old data"} {
		b.Run(strings.ReplaceAll(kind, " ", "-"), func(b *testing.B) {
			dir := b.TempDir()
			for i := 0; b.Loop(); i++ {
				if kind == "new data" {
					dir = filepath.Join(b.TempDir(), fmt.Sprint(i))
				}
				first, cmd := start(b, path, "serve", "-data", dir)
				jar, _ := cookiejar.New(nil)
				if status, _ := get(b, &http.Client{Jar: jar}, first); status != http.StatusOK {
					b.Fatal(status)
				}
				b.StopTimer()
				cmd.Process.Signal(syscall.SIGTERM)
				cmd.Wait()
				b.StartTimer()
			}
		})
	}
}

// BenchmarkHello measures the least any screen can cost: a session, a page
// without data.
func BenchmarkHello(b *testing.B) {
	first, _ := start(b, program(b), "serve", "-data", b.TempDir())
	jar, _ := cookiejar.New(nil)
	browser := &http.Client{Jar: jar, Timeout: 10 * time.Second}
	get(b, browser, first)
	base := first[:strings.Index(first, "/start")]
	for _, page := range []string{"/settings", "/banks", "/consents", "/"} {
		b.Run(strings.TrimPrefix(page, "/")+"_", func(b *testing.B) {
			for b.Loop() {
				if status, _ := get(b, browser, base+page); status != http.StatusOK {
					b.Fatal(status)
				}
			}
		})
	}
}
