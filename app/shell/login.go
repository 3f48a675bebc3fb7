package shell

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Login starts this program in the background when the person logs in to their machine. What is so stands on the disk, where
// they can change it with the system's own settings; nothing else is kept of it.
type Login struct {
	Data string // the data folder, where it is not the usual one
}

// LoginState is what stands there.
type LoginState struct {
	Kind    LoginKind
	Entry   string // what starts a program: a file, or a value of the registry; empty where there is none
	Program string // that is started; where there is no entry, that would be
	Detail  string // with LoginUnknown: why it cannot be read
}

// LoginKind is whether the program is started.
type LoginKind string

// The kinds.
const (
	LoginOff      LoginKind = "off"
	LoginOn       LoginKind = "on"
	LoginOther    LoginKind = "other"    // another program is started, or with other options
	LoginGone     LoginKind = "gone"     // the program that would be started is not there any more
	LoginDisabled LoginKind = "disabled" // the entry is there, and the system's settings have switched it off
	LoginNever    LoginKind = "never"    // this program lies in a temporary place
	LoginUnknown  LoginKind = "unknown"
)

// entry is what starts a program at login.
type entry struct {
	place    string   // where it stands
	command  []string // program and arguments; nil where they cannot be read
	disabled bool     // by the system's settings
}

// errNoEntry says that nothing is started.
var errNoEntry = errors.New("nothing is started at login")

// State looks at what is on the disk now.
func (l Login) State() LoginState {
	command, err := l.command()
	if err != nil {
		return LoginState{Kind: LoginUnknown, Detail: err.Error()}
	}
	found, err := readEntry(l.name())
	switch {
	case errors.Is(err, errNoEntry) && temporary(command[0]):
		return LoginState{Kind: LoginNever, Program: command[0]}
	case errors.Is(err, errNoEntry):
		return LoginState{Kind: LoginOff, Program: command[0]}
	case err != nil:
		return LoginState{Kind: LoginUnknown, Detail: err.Error()}
	}
	state := LoginState{Kind: LoginOn, Entry: found.place, Program: strings.Join(found.command, " ")}
	switch {
	case found.disabled:
		state.Kind = LoginDisabled
	case len(found.command) > 0 && gone(found.command[0]):
		state.Kind, state.Program = LoginGone, found.command[0]
	case strings.Join(found.command, "\x00") != strings.Join(command, "\x00"):
		state.Kind = LoginOther
	}
	return state
}

// Set has the program started, or not any more.
func (l Login) Set(on bool) error {
	if !on {
		return removeEntry(l.name())
	}
	command, err := l.command()
	if err != nil {
		return err
	}
	if temporary(command[0]) {
		return fmt.Errorf("%s is a temporary place", command[0])
	}
	for _, part := range command {
		if strings.ContainsFunc(part, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			return fmt.Errorf("%q has a character that no such entry can hold", part)
		}
	}
	return writeEntry(l.name(), command)
}

// command is what is to be started.
func (l Login) command() ([]string, error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	if image, mounted := os.Getenv("APPIMAGE"), os.Getenv("APPDIR"); image != "" && mounted != "" && below(mounted, program) {
		program = image // what is executed lies in a file system that goes with the process
	}
	command := []string{program, "-background"}
	if l.Data == "" {
		return command, nil
	}
	data, err := filepath.Abs(l.Data)
	return append(command, "-data", data), err
}

// name is that of the entry: each data folder has one of its own.
func (l Login) name() string {
	if l.Data == "" {
		return "consentry"
	}
	data, err := filepath.Abs(l.Data)
	if err != nil {
		data = l.Data
	}
	sum := sha256.Sum256([]byte(data))
	return "consentry-" + hex.EncodeToString(sum[:4])
}

// temporary reports whether a program lies where it will not stay, as one that "go run" makes.
func temporary(program string) bool { return below(os.TempDir(), program) }

func below(folder, path string) bool {
	within, err := filepath.Rel(folder, path)
	return err == nil && within != ".." && !strings.HasPrefix(within, ".."+string(filepath.Separator))
}

func gone(program string) bool {
	_, err := os.Stat(program)
	return filepath.IsAbs(program) && errors.Is(err, os.ErrNotExist)
}
