package shell

import (
	"errors"
	"fmt"
	"net/url"
	"os/exec"
	"runtime"
	"strings"
	"time"
	"unicode"
)

// openerWait is how long a started opener is watched. One that fails does so at once;
// one that is still there by then has become the browser itself.
const openerWait = 2 * time.Second

// noteLasts is how long a browser has to read the note with an address: one that starts takes its time.
const noteLasts = time.Minute

// longestAddress fits every request a bank has been seen to ask for.
const longestAddress = 16 << 10

// BrowserError says that the system's browser could not be opened. Its text names the address, so that the person can
// open it themselves; whoever writes it to a log takes Err instead, as an address may carry a token.
type BrowserError struct {
	Address string
	Err     error
}

func (e *BrowserError) Error() string {
	return fmt.Sprintf("the browser could not be opened (%v); open this address yourself: %s", e.Err, e.Address)
}

func (e *BrowserError) Unwrap() error { return e.Err }

// withoutAddress is what of an error from [OpenBrowser] may stand in a log.
func withoutAddress(err error) error {
	if failed := (*BrowserError)(nil); errors.As(err, &failed) {
		return failed.Err
	}
	return err
}

// Browser returns what opens an address in the system's browser beside the
// window. In the browser shell it is nil: the bank's page opens in a tab there.
func Browser() func(address string) error {
	if Window {
		return OpenBrowser
	}
	return nil
}

// OpenBrowser opens the system's browser at rawURL and does not wait for it to be closed. Only whole http and https
// addresses are accepted; no shell is involved, and no program has the address, which may carry a secret, among its
// arguments. It blocks for at most two seconds. If the browser cannot be opened, the error is a [*BrowserError].
func OpenBrowser(rawURL string) error {
	left, err := open(rawURL)
	if err == nil {
		time.AfterFunc(noteLasts, left.remove)
	}
	return err
}

// HandOver is OpenBrowser for a process that ends soon: used waits until the address was used, or long enough.
func HandOver(rawURL string, used func()) error {
	left, err := open(rawURL)
	if err != nil {
		return err
	}
	defer left.remove()
	used()
	return nil
}

// open opens the browser by a note, which is the caller's to remove once it was read.
func open(rawURL string) (note, error) {
	if err := checkAddress(rawURL); err != nil {
		return note{}, err
	}
	left, err := leaveNote(rawURL)
	if err != nil {
		return note{}, &BrowserError{Address: rawURL, Err: err}
	}
	if err := start(opener(left.path)); err != nil {
		left.remove()
		return note{}, &BrowserError{Address: rawURL, Err: err}
	}
	return left, nil
}

// checkAddress refuses what is not a web address, and what a system's opener could take for something else.
// Characters that only shells care about are fine: there is no shell.
func checkAddress(rawURL string) error {
	if len(rawURL) > longestAddress {
		return fmt.Errorf("the address has %d characters, more than %d", len(rawURL), longestAddress)
	}
	for _, char := range rawURL {
		if unicode.IsControl(char) || unicode.IsSpace(char) || strings.ContainsRune("\"<>\\`\uFFFD", char) {
			return fmt.Errorf("the address holds %q, which no address may", char)
		}
	}
	address, err := url.Parse(rawURL)
	if err != nil {
		return errors.New("the address is malformed") // the parser's error would repeat the address, token and all
	}
	if address.Scheme != "http" && address.Scheme != "https" {
		return fmt.Errorf("only http and https addresses are opened, not %q", address.Scheme)
	}
	if address.Hostname() == "" {
		return errors.New("the address names no host")
	}
	if address.User != nil {
		return errors.New("the address carries a user name, which hides the real host")
	}
	return nil
}

// opener is the system's own way to open a page in a file.
func opener(path string) *exec.Cmd {
	switch runtime.GOOS {
	case "windows":
		return exec.Command("rundll32", "url.dll,FileProtocolHandler", path)
	case "darwin":
		return exec.Command("open", path)
	default:
		return exec.Command("xdg-open", path)
	}
}

// start runs the opener apart from this process, and reports a failure that shows within openerWait.
func start(command *exec.Cmd) error {
	detach(command)
	if err := command.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	select {
	case err := <-ended:
		return err
	case <-time.After(openerWait):
		return nil
	}
}
