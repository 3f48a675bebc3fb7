// Package instance lets a second start of the program reach the one that runs on the same data folder: to have its window
// brought forward, or to be given an address at which a browser is let in.
//
// The running program answers at its own loopback listener ([Door]) and leaves beside its data, in a file that only its user
// can read, where that is and a secret of this one run. Neither side sends the secret: each proves that it has it, over all it
// says, so that whoever listens at the port of a program that was killed learns nothing and is not believed. Who may use the
// folder is decided by the lock in it, never by this file: one that was left behind leads nowhere, and the next program
// writes it anew. Decision 0087 says why it is not a socket.
package instance

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"

	"consentry/storage/folder"
)

// Path is where a [Door] answers.
const Path = "/instance"

// proofHeader carries what proves that a message comes from who has the secret.
const proofHeader = "Consentry-Proof"

// longestMessage is more than any of both sides says.
const longestMessage = 8 << 10

var (
	// ErrNone says that no program has told how it is reached on this data folder, or none is there any more.
	ErrNone = errors.New("no running Consentry has said how it is reached")
	// ErrElsewhere says that the program runs on another machine, which shares the disk.
	ErrElsewhere = errors.New("a program on another machine has this data folder")
)

// rendezvous is what stands in the file.
type rendezvous struct {
	Address string `json:"address"` // of the listener, such as 127.0.0.1:4711
	Secret  []byte `json:"secret"`
	Machine string `json:"machine"` // its name
}

func newRendezvous(address string) rendezvous {
	r := rendezvous{Address: address, Secret: make([]byte, 32)}
	rand.Read(r.Secret)          // never fails, see crypto/rand
	r.Machine, _ = os.Hostname() // without a name it is taken for this machine
	return r
}

// read returns what the folder's file says, or why it is not believed.
func read(dir string) (r rendezvous, err error) {
	path := filepath.Join(dir, folder.Instance)
	content, err := folder.ReadOwn(path)
	if errors.Is(err, os.ErrNotExist) {
		return r, ErrNone
	}
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal(content, &r); err != nil || len(r.Secret) != sha256.Size || !loopback(r.Address) {
		return r, fmt.Errorf("%s is not what Consentry writes", path)
	}
	if here, err := os.Hostname(); err == nil && r.Machine != "" && r.Machine != here {
		return r, fmt.Errorf("%w: %s", ErrElsewhere, r.Machine)
	}
	return r, nil
}

// loopback reports whether an address is one of this machine alone.
func loopback(address string) bool {
	host, _, err := net.SplitHostPort(address)
	ip := net.ParseIP(host)
	return err == nil && ip != nil && ip.IsLoopback()
}

// proof is what only who has the secret can say about a message. It holds for this program's port, this direction and,
// in an answer, this question.
func (r rendezvous) proof(direction, question string, message []byte) string {
	mac := hmac.New(sha256.New, r.Secret)
	for _, part := range []string{direction, r.Address, question, string(message)} {
		fmt.Fprintf(mac, "%d:%s,", len(part), part)
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func (r rendezvous) proves(given, direction, question string, message []byte) bool {
	return hmac.Equal([]byte(given), []byte(r.proof(direction, question, message)))
}

// The directions of messages.
const (
	asking    = "asking"
	answering = "answering"
)

// Want is what a second start asks for.
type Want string

// What can be asked for.
const (
	WantShown   Want = "shown"   // the window brought forward; an address where there is none
	WantAddress Want = "address" // an address, window or not
	WantHere    Want = "here"    // only an answer
	WantUsed    Want = "used"    // an answer when the address that was given was used, or is worth nothing any more
)

// question is what a second start asks.
type question struct {
	Want       Want   `json:"want"`
	Nonce      string `json:"nonce"`                // no two questions are alike, and so no answer answers two
	Activation string `json:"activation,omitempty"` // what its desktop gave it, so that a window may take the focus
	Address    string `json:"address,omitempty"`    // with WantUsed
}

// Answer is what the running program answers.
type Answer struct {
	Window  bool   `json:"window,omitempty"`  // it has brought its window forward
	Address string `json:"address,omitempty"` // it works once
	Version string `json:"version"`           // of the running program
}
