package profile_test

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"consentry/app/failure"
	"consentry/app/profile"
	"consentry/app/secret"
)

func add(t *testing.T, home profile.Household, name, own string) profile.Profile {
	t.Helper()
	p, err := home.Add(name, own)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func names(t *testing.T, home profile.Household) string {
	t.Helper()
	all, err := home.All()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, p := range all {
		names = append(names, p.Name)
	}
	return strings.Join(names, ", ")
}

// TestHousehold adds, finds, renames and removes profiles. The first one's folder is the one the program is started on.
func TestHousehold(t *testing.T) {
	t.Setenv("CONSENTRY_KEYRING", "off")
	root := t.TempDir()
	home := profile.At(root)
	if got := names(t, home); got != "" {
		t.Fatal(got)
	}
	nino, olle := add(t, home, "  ნინო  ბ. ", "Åsa"), add(t, home, "Olle", "not looked at")
	if got := names(t, home); got != "Åsa, ნინო ბ., Olle" {
		t.Error(got)
	}
	if nino.Folder == root || filepath.Dir(filepath.Dir(nino.Folder)) != root || nino.Folder == olle.Folder {
		t.Errorf("%s and %s", nino.Folder, olle.Folder)
	}
	if info, err := os.Stat(nino.Folder); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v, %v", info, err)
	}
	for named, want := range map[string]string{"åsa": profile.First, "OLLE": olle.ID, nino.ID: nino.ID} {
		if p, err := home.Named(named); err != nil || p.ID != want {
			t.Errorf("%q is %v, %v", named, p, err)
		}
	}
	if _, err := home.Named("nobody"); !errors.Is(err, profile.ErrNone) {
		t.Error(err)
	}
	if err := errors.Join(home.Rename(olle.ID, "Olof"), home.Rename(profile.First, "Åsa Maria"), home.Rename(olle.ID, "OLOF")); err != nil {
		t.Error(err)
	}
	box, err := secret.Load(nino.Folder, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := box.Protect([]byte("eight letters")); err != nil {
		t.Fatal(err)
	}
	if p, _ := home.Profile(nino.ID); !p.Locked {
		t.Error("that it has a passphrase is not said")
	}
	if err := home.Remove(nino.ID); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(nino.Folder); !errors.Is(err, os.ErrNotExist) {
		t.Error("its data are still there")
	}
	if got := names(t, home); got != "Åsa Maria, OLOF" {
		t.Error(got)
	}
	for _, id := range []string{profile.First, nino.ID, "..", "../.."} {
		if err := home.Remove(id); !errors.Is(err, profile.ErrNone) {
			t.Errorf("%q was removed: %v", id, err)
		}
	}
}

// TestNamesOfProfiles says at its field what is wrong with a name.
func TestNamesOfProfiles(t *testing.T) {
	home := profile.At(t.TempDir())
	for name, test := range map[string]struct{ name, own, field, code string }{
		"none":             {" ", "Åsa", "name", failure.NameMissing},
		"only signs":       {"!?", "Åsa", "name", failure.NameMissing},
		"none of one's":    {"Olle", "", "own", failure.NameMissing},
		"the same":         {"Olle", "OLLE", "own", failure.NameTaken},
		"too long":         {strings.Repeat("ö", 41), "Åsa", "name", failure.TextTooLong},
		"one's own is too": {"Olle", strings.Repeat("ö", 41), "own", failure.TextTooLong},
	} {
		_, err := home.Add(test.name, test.own)
		var failed *failure.Error
		if !errors.As(err, &failed) || failed.Fields[test.field].Code != test.code {
			t.Errorf("%s: %v", name, err)
		}
		if all, _ := home.All(); len(all) != 1 || all[0].Name != "" {
			t.Fatalf("%s: something was added", name)
		}
	}
	olle := add(t, home, "Olle", "Åsa")
	for id, name := range map[string]string{olle.ID: "åsa", profile.First: "olle"} {
		var failed *failure.Error
		if err := home.Rename(id, name); !errors.As(err, &failed) || failed.Fields["name"].Code != failure.NameTaken {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A name in a script without Latin letters is its own, and what holds no letter names nobody.
func TestNamesThatFoldToNothing(t *testing.T) {
	home := profile.At(t.TempDir())
	if _, err := home.Named("!?"); !errors.Is(err, profile.ErrNone) {
		t.Errorf("the first, which has no name yet, was found: %v", err)
	}
	adlam := add(t, home, "𞤢𞤣", "Åsa")
	add(t, home, "𞤤𞤥", "")
	if p, err := home.Named("𞤀𞤁"); err != nil || p.ID != adlam.ID { // in capitals
		t.Errorf("%v, %v", p, err)
	}
	if _, err := home.Add("𞤀𞤁", ""); err == nil {
		t.Error("two have one name")
	}
	if _, err := home.Named("!?"); !errors.Is(err, profile.ErrNone) {
		t.Error(err)
	}
}

// What a kill leaves of a profile that was being removed is no profile, and goes, whatever the folder is called.
func TestRemovalIsGoneOnWith(t *testing.T) {
	for _, name := range []string{"plain", "[of-a-pattern]", "[of-none"} {
		root := filepath.Join(t.TempDir(), name)
		if err := os.Mkdir(root, 0o700); err != nil {
			t.Fatal(err)
		}
		goneOnWith(t, root)
	}
}

func goneOnWith(t *testing.T, root string) {
	t.Helper()
	home := profile.At(root)
	olle := add(t, home, "Olle", "Åsa")
	left := filepath.Join(root, "profiles", ".going-"+olle.ID)
	if err := os.Rename(olle.Folder, left); err != nil {
		t.Fatal(err)
	}
	if got := names(t, home); got != "Åsa" {
		t.Error(got)
	}
	if err := home.Tidy(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(left); !errors.Is(err, os.ErrNotExist) {
		t.Error("it is still there")
	}
}

// A profile whose folder cannot be moved stays, with all that it holds.
func TestRemovalThatFails(t *testing.T) {
	root := t.TempDir()
	home := profile.At(root)
	olle := add(t, home, "Olle", "Åsa")
	if err := os.MkdirAll(filepath.Join(root, "profiles", ".going-"+olle.ID, "in the way"), 0o700); err != nil {
		t.Fatal(err)
	}
	if home.Remove(olle.ID) == nil {
		t.Error("it was removed")
	}
	if got := names(t, home); got != "Åsa, Olle" {
		t.Error(got)
	}
}

// There is room for so many, and what a hand puts into the folder is none.
func TestRoomForProfiles(t *testing.T) {
	root := t.TempDir()
	home := profile.At(root)
	for i := range profile.Most - 1 {
		add(t, home, "Person "+string(rune('a'+i)), "First")
	}
	if _, err := home.Add("One more", ""); err == nil {
		t.Error("there is room for more")
	}
	if err := os.Mkdir(filepath.Join(root, "profiles", "not-an-id"), 0o700); err != nil {
		t.Fatal(err)
	}
	if all, err := home.All(); err != nil || len(all) != profile.Most {
		t.Errorf("%d, %v", len(all), err)
	}
}
