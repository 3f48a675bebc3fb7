// Package profile is who uses the program on one machine: each of a household with data, a key, a lock, settings and practice
// banks of their own.
//
// A profile is a data folder. The folder that the program is started on is the first one's own; the others' lie below it:
//
//	consentry.db, master.key, …    the first profile
//	profile                        its name, once there are several
//	profiles/<id>/consentry.db, …  another one
//	profiles/<id>/profile          its name
//
// Names stand in clear: they are shown before anything is opened.
package profile

import (
	"cmp"
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"consentry/app/failure"
	"consentry/app/secret"
	"consentry/storage"
	"consentry/storage/fold"
)

const (
	below    = "profiles"
	nameFile = "profile"
	going    = ".going-" // before the id of one that is being removed
)

// LongestName bounds a name, in characters; Most how many profiles there are.
const (
	LongestName = 40
	Most        = 12
)

// First is the id of the first profile.
const First = ""

// Folder is the data folder of a profile: where everything of it lies, by the folder the program is started on.
func Folder(root, id string) string {
	if id == First {
		return root
	}
	return filepath.Join(root, below, id)
}

// Profile is one of a household.
type Profile struct {
	ID     string
	Name   string // empty for the first until it was given one
	Folder string
	Locked bool // a passphrase protects it
}

// Household is who uses the program on one machine.
type Household struct{ root string }

// At returns the household of the folder the program is started on.
func At(root string) Household { return Household{root} }

// All lists the profiles: the first one first, the others by name.
func (h Household) All() ([]Profile, error) {
	all := []Profile{h.of(First)}
	entries, err := os.ReadDir(filepath.Join(h.root, below))
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR) { // why there is no folder is said by who opens it
		return all, nil
	}
	if err != nil {
		return nil, err
	}
	for _, entry := range entries {
		if entry.IsDir() && isID(entry.Name()) {
			all = append(all, h.of(entry.Name()))
		}
	}
	slices.SortStableFunc(all[1:], func(a, b Profile) int { return strings.Compare(folded(a.Name), folded(b.Name)) })
	return all, nil
}

func (h Household) of(id string) Profile {
	p := Profile{ID: id, Folder: Folder(h.root, id)}
	if name, err := os.ReadFile(filepath.Join(p.Folder, nameFile)); err == nil && utf8.Valid(name) {
		p.Name = cut(strings.TrimSpace(string(name)))
	}
	if p.Name == "" {
		p.Name = id
	}
	_, err := secret.Wrapped(p.Folder)
	p.Locked = !errors.Is(err, fs.ErrNotExist)
	return p
}

func cut(name string) string {
	if runes := []rune(name); len(runes) > LongestName {
		return string(runes[:LongestName])
	}
	return name
}

// isID reports whether a name is one that Add gives.
func isID(name string) bool {
	return len(name) == idLength && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz234567") == ""
}

const idLength = 10

// ErrNone says that there is no such profile.
var ErrNone = errors.New("there is no such profile")

// Named finds a profile by its name or id.
func (h Household) Named(name string) (Profile, error) {
	all, err := h.All()
	if err != nil {
		return Profile{}, err
	}
	for _, p := range all {
		if p.Name != "" && folded(p.Name) == folded(name) || p.ID == name {
			return p, nil
		}
	}
	return Profile{}, ErrNone
}

// Profile finds a profile by its id.
func (h Household) Profile(id string) (Profile, error) {
	all, err := h.All()
	if err != nil {
		return Profile{}, err
	}
	for _, p := range all {
		if p.ID == id {
			return p, nil
		}
	}
	return Profile{}, ErrNone
}

// Add makes a profile. As long as the first one has no name, own names that; what is wrong with a name is an error at its
// field, name or own.
func (h Household) Add(name, own string) (Profile, error) {
	all, err := h.All()
	if err != nil {
		return Profile{}, err
	}
	if len(all) >= Most {
		return Profile{}, failure.Unchanged(map[string]storage.Reason{"name": {Code: failure.TooManyProfiles, Of: Most}})
	}
	wrong := map[string]storage.Reason{}
	if name, err = fit(name, all, ""); err != nil {
		wrong["name"] = reasonOf(err)
	}
	if all[0].Name == "" {
		if own, err = fit(own, append(all, Profile{Name: name, ID: "new"}), First); err != nil {
			wrong["own"] = reasonOf(err)
		}
	}
	if len(wrong) > 0 {
		return Profile{}, failure.Unchanged(wrong)
	}
	if all[0].Name == "" {
		if err := write(h.root, own); err != nil {
			return Profile{}, err
		}
	}
	id := strings.ToLower(rand.Text()[:idLength])
	if err := os.MkdirAll(Folder(h.root, id), 0o700); err != nil {
		return Profile{}, err
	}
	return h.of(id), write(Folder(h.root, id), name)
}

// Rename gives a profile another name.
func (h Household) Rename(id, name string) error {
	all, err := h.All()
	if err != nil {
		return err
	}
	if name, err = fit(name, all, id); err != nil {
		return failure.Unchanged(map[string]storage.Reason{"name": reasonOf(err)})
	}
	p, err := h.Profile(id)
	if err != nil {
		return err
	}
	return write(p.Folder, name)
}

// Remove removes a profile other than the first with everything in its folder, and its key from the keyring. It must not be
// open. Where the folder cannot be moved nothing is changed; after a kill [Household.Tidy] goes on.
func (h Household) Remove(id string) error {
	p, err := h.Profile(id)
	if err != nil || id == First {
		return errors.Join(err, ErrNone)
	}
	if err := os.Rename(p.Folder, filepath.Join(h.root, below, going+id)); err != nil {
		return err
	}
	return h.Tidy()
}

// Tidy removes what there still is of profiles that are being removed, also after a kill.
func (h Household) Tidy() error {
	left, err := fs.Glob(os.DirFS(filepath.Join(h.root, below)), going+"*") // what the folder is called is no pattern
	for _, each := range left {
		dir := filepath.Join(h.root, below, each)
		err = errors.Join(err, secret.Forget(dir), os.RemoveAll(dir))
	}
	return err
}

// fit returns a name as it is kept, or what is wrong with it as a *failure.Error. The profile of the id may have it already.
func fit(name string, all []Profile, id string) (string, error) {
	name = norm.NFC.String(strings.Join(strings.Fields(name), " "))
	switch n := utf8.RuneCountInString(name); {
	case name == "" || !strings.ContainsFunc(name, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }):
		return name, failure.New(failure.NameMissing)
	case n > LongestName:
		return name, &failure.Error{Reason: storage.Reason{Code: failure.TextTooLong, Number: n, Of: LongestName}}
	}
	for _, p := range all {
		if (p.ID != id || id == First && p.ID != First) && p.Name != "" && folded(p.Name) == folded(name) {
			return name, failure.New(failure.NameTaken)
		}
	}
	return name, nil
}

func reasonOf(err error) storage.Reason {
	var failed *failure.Error
	errors.As(err, &failed)
	return failed.Reason
}

// folded is the form in which names are alike. A script that has no Latin letters keeps its own.
func folded(name string) string {
	return cmp.Or(strings.Join(fold.Words(name), " "), strings.ToLower(norm.NFC.String(name)))
}

// write keeps a name, whole or not at all.
func write(dir, name string) error {
	path := filepath.Join(dir, nameFile)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	file, err := os.CreateTemp(dir, "."+nameFile+"-*")
	if err != nil {
		return err
	}
	_, err = file.WriteString(name + "\n")
	if err = errors.Join(err, file.Sync(), file.Close()); err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		os.Remove(file.Name())
	}
	return err
}
