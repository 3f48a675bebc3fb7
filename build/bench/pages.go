package main

import (
	"bufio"
	"bytes"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"consentry/storage"
	"consentry/storage/fold"
)

// visits is how often each page is asked for.
const visits = 400

// measurePages starts the program on what was fetched, asks it for pages, and prints how long
// each takes beside a bare handler in a process of its own.
func measurePages(program, data string) error {
	begun := time.Now()
	hello, stop, err := startHello()
	if err != nil {
		return err
	}
	defer stop()
	plain := &http.Client{}
	if err := answers(plain, hello); err != nil {
		return err
	}
	plainStart := time.Since(begun)
	base, err := timesOf(plain, hello)
	if err != nil {
		return err
	}
	fmt.Printf("hello      30 KB: median %s, 99th of 100 %s\n", base.median, base.late)
	begun = time.Now()
	run := exec.Command(program, "serve", "-data", data, "-sandbox=false")
	run.Env = append(os.Environ(), "CONSENTRY_KEYRING=off")
	run.Stderr = os.Stderr
	out, err := run.StdoutPipe()
	if err != nil {
		return err
	}
	if err := run.Start(); err != nil {
		return err
	}
	defer func() { run.Process.Kill(); run.Wait() }()
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return err
	}
	jar, _ := cookiejar.New(nil) // errs only with options
	browser := &http.Client{Jar: jar}
	home, err := open(browser, strings.TrimSpace(address))
	if err != nil {
		return err
	}
	start := time.Since(begun)
	fmt.Printf("start      to the first answered overview: %s, %.1f times hello's (%s)\n", start.Round(time.Millisecond), float64(start)/float64(plainStart), plainStart.Round(time.Millisecond/10))
	printResident(run.Process.Pid, "after the first page")
	word, rare, with, err := wordsIn(data)
	if err != nil {
		return err
	}
	const account, coming = "/accounts/1", "/coming" // the first that was linked has them
	begun = time.Now()
	if _, err := get(browser, home+coming); err != nil {
		return err
	}
	fmt.Printf("page       what comes, looked for: %s\n", time.Since(begun).Round(time.Millisecond))
	for _, page := range []struct{ name, path string }{
		{"overview", "/"}, {"what comes", coming}, {"account", account}, {"middle", ""}, {"all transactions", "/transactions"},
		{"rare word", "/transactions?q=" + rare}, {"common word", "/transactions?q=" + word}, {"prefix", "/transactions?q=" + word[:3]},
		{"no match", "/transactions?q=nothing-like-it"}, {"with a filter", "/transactions?q=" + word + "&way=out&to=2026-06-01"}, {"rare amount", "/transactions?q=1234.56"}, {"amounts", "/transactions?q=>100"},
		{"year chart", "/insights?account=1&months=12"}, {"ten years", "/insights?account=1&months=120"}, {"with whom", "/insights/with?account=1&months=12"}, {"counterparty", "/counterparty?of=" + url.QueryEscape(with)},
	} {
		if page.name == "middle" {
			if page.path, err = middleOf(browser, home+account); err != nil {
				return err
			}
		}
		times, err := timesOf(browser, home+page.path)
		if err != nil {
			return fmt.Errorf("%s: %w", page.name, err)
		}
		fmt.Printf("page       %-17s %7.1f times hello (99th of 100 %.1f), median %s, %d KB\n", page.name+":", float64(times.median)/float64(base.median), float64(times.late)/float64(base.late), times.median, times.size>>10)
	}
	if err := measureLoad(browser, home+account); err != nil {
		return err
	}
	printResident(run.Process.Pid, "after the load")
	return measureExport(browser, home, data)
}

// answers asks for an address once.
func answers(client *http.Client, address string) error {
	res, err := client.Get(address)
	if err != nil {
		return err
	}
	return res.Body.Close()
}

// times are how long answers took.
type times struct {
	median, late time.Duration
	size         int
}

func timesOf(client *http.Client, address string) (times, error) {
	var all []time.Duration
	var t times
	for i := range visits + 20 {
		begun := time.Now()
		body, err := get(client, address)
		if err != nil {
			return t, err
		}
		if t.size = len(body); i >= 20 { // the first ones warm up
			all = append(all, time.Since(begun))
		}
	}
	slices.Sort(all)
	t.median, t.late = all[len(all)/2], all[len(all)*99/100]
	return t, nil
}

func get(client *http.Client, address string) ([]byte, error) {
	res, err := client.Get(address)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s (%v)", address, res.Status, err)
	}
	return body, nil
}

// open begins a session and returns where its pages are, when the first has come.
func open(browser *http.Client, address string) (home string, err error) {
	res, err := browser.Get(address)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	at := *res.Request.URL
	at.RawQuery = ""
	return strings.TrimSuffix(at.String(), "/"), err
}

// wordsIn returns a word that very many transactions have, one that one has, and the key of the
// counterparty of most.
func wordsIn(data string) (common, rare, with string, err error) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(data, storage.FileName)+"?mode=ro")
	if err != nil {
		return "", "", "", err
	}
	defer db.Close()
	var text string
	if err := db.QueryRow(`SELECT remittance FROM entry WHERE account_id = 1 AND remittance LIKE '% 1%' LIMIT 1 OFFSET 1000`).Scan(&text); err != nil {
		return "", "", "", err
	}
	if err := db.QueryRow(`SELECT counterparty FROM counterparty_month WHERE account_id = 1 GROUP BY counterparty ORDER BY sum(ins + outs) DESC LIMIT 1`).Scan(&with); err != nil {
		return "", "", "", err
	}
	words := fold.Words(text)
	return words[0], words[len(words)-1], with, nil
}

var olderLink = regexp.MustCompile(`\?after=(\d+)`)

// middleOf returns the path of a page in the middle of an account: of a day a year ago.
func middleOf(browser *http.Client, address string) (string, error) {
	body, err := get(browser, address)
	if err != nil {
		return "", err
	}
	found := olderLink.FindSubmatch(body)
	if found == nil {
		return "", errors.New("the account has no older transactions")
	}
	var id int64
	fmt.Sscan(string(found[1]), &id)
	u, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%s?after=%d", u.Path[strings.Index(u.Path, "/accounts"):], id-365<<32), nil
}

// startHello starts a bare handler in a process of its own.
func startHello() (address string, stop func(), err error) {
	self, err := os.Executable()
	if err != nil {
		return "", nil, err
	}
	run := exec.Command(self, "hello")
	out, err := run.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := run.Start(); err != nil {
		return "", nil, err
	}
	address, err = bufio.NewReader(out).ReadString('\n')
	return strings.TrimSpace(address), func() { run.Process.Kill(); run.Wait() }, err
}

// hello answers with 30 KB.
func hello() error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Printf("http://%s/\n", listener.Addr())
	body := bytes.Repeat([]byte("hello, bank "), 30<<10/12)
	return http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write(body) }))
}
