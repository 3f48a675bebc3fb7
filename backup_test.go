package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"consentry/app/backup"
	"consentry/storage/folder"
)

const backupPassphrase = "three otters on a raft"

// TestBackupCommands holds the codes with which the commands end, and that the passphrase stands nowhere.
func TestBackupCommands(t *testing.T) {
	t.Setenv("CONSENTRY_KEYRING", "off")
	dir, to := protectedFolder(t), t.TempDir()
	file, none := filepath.Join(to, "all"+backup.Extension), t.TempDir()
	run := func(name string, code int, says string, args ...string) {
		t.Helper()
		got, said := ran(t, args...)
		if got != code || !strings.Contains(said, says) {
			t.Errorf("%s: ended with %d, want %d and %q:\n%s", name, got, code, says, said)
		}
		if strings.Contains(said, backupPassphrase) || strings.Contains(said, testPassphrase) {
			t.Errorf("%s says a passphrase: %s", name, said)
		}
	}
	unlocked := func() []string {
		return []string{"backup", file, "-data", dir, "-passphrase-fd", said(t, testPassphrase)}
	}
	spoken := func() []string { return []string{"-backup-passphrase-fd", said(t, backupPassphrase+"\n")} }
	run("no file named", commandMisused, "name the file", "backup", "-data", dir)
	run("a name that is empty", commandMisused, "is empty", "backup", "", "-data", dir)
	run("no such option", commandMisused, "-what", "backup", file, "-what")
	run("no number of a descriptor", commandMisused, "not negative", "backup", file, "-data", dir, "-backup-passphrase-fd", "-2")
	run("one place for both passphrases", commandMisused, "of the lock", "backup", file, "-data", dir, "-passphrase-fd", "0", "-backup-passphrase-fd", "0")
	run("nothing stored", exitNothing, "nothing is stored", append([]string{"backup", file, "-data", none}, spoken()...)...)
	run("locked", exitLocked, "-passphrase-fd", append([]string{"backup", file, "-data", dir}, spoken()...)...)
	run("nobody to ask", exitLocked, "-backup-passphrase-fd", unlocked()...)
	run("a short passphrase", exitLocked, "8 characters", append(unlocked(), "-backup-passphrase-fd", said(t, "short"))...)
	run("no folder for the file", commandFailed, "absent", append([]string{"backup", filepath.Join(to, "absent", "x"), "-data", dir, "-passphrase-fd", said(t, testPassphrase)}, spoken()...)...)
	run("made", 0, file, append(unlocked(), spoken()...)...)
	run("a file that is there", commandFailed, "-force", append(unlocked(), spoken()...)...)

	empty := filepath.Join(t.TempDir(), "new", "data")
	run("no such file", commandFailed, "absent", append([]string{"restore", filepath.Join(to, "absent"), "-data", empty}, spoken()...)...)
	run("no backup", restoreUnfit, "no backup of Consentry", append([]string{"restore", filepath.Join(dir, folder.Database), "-data", empty}, spoken()...)...)
	run("nobody to ask", exitLocked, "-backup-passphrase-fd", "restore", file, "-data", empty)
	run("a wrong passphrase", exitLocked, "not the passphrase of the backup", "restore", file, "-data", empty, "-backup-passphrase-fd", said(t, "another one"))
	run("over data with a lock", restoreAsks, "opens without one", append([]string{"restore", file, "-data", dir}, spoken()...)...)
	run("restored", 0, "There is no passphrase for the lock now", append([]string{"restore", file, "-data", empty}, spoken()...)...)
	run("the data open", exitNothing, "no such exchange", "export", "-data", empty, "-out", t.TempDir())
	release, err := folder.Hold(empty)
	if err != nil {
		t.Fatal(err)
	}
	run("beside a running program", commandInUse, "running already", append([]string{"restore", file, "-data", empty}, spoken()...)...)
	if err := release(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(empty, folder.Wrapped)); err == nil {
		t.Error("the lock's key came along")
	}
}

// TestJourneyBackupCommands brings linked practice banks to another folder, where their consents go on, and asks before it
// replaces data.
func TestJourneyBackupCommands(t *testing.T) {
	journey(t)
	dir := linkedFolder(t, "title: Two\nlink Rheintor Bank as lukas\nlink Dalabanken as johan\n")
	file, other := filepath.Join(t.TempDir(), "all"+backup.Extension), filepath.Join(t.TempDir(), "data")
	spoken := func() string { return said(t, backupPassphrase) }
	if code, said := ran(t, "backup", file, "-data", dir, "-backup-passphrase-fd", spoken()); code != 0 {
		t.Fatalf("ended with %d\n%s", code, said)
	}
	code, said := ran(t, "restore", file, "-data", other, "-backup-passphrase-fd", spoken())
	if code != 0 || !strings.Contains(said, "2 banks, 2 consents") {
		t.Fatalf("ended with %d\n%s", code, said)
	}
	if code, said := ran(t, "update", "-data", other); code != 0 || !strings.Contains(said, "Rheintor Bank: already up to date") || !strings.Contains(said, "Dalabanken: already up to date") {
		t.Errorf("under the restored consents: ended with %d\n%s", code, said)
	}
	code, said = ran(t, "restore", file, "-data", other, "-backup-passphrase-fd", spoken())
	if code != restoreAsks || !strings.Contains(said, "would replace 2 banks, 2 consents") {
		t.Errorf("over data: ended with %d\n%s", code, said)
	}
	if left, _ := filepath.Glob(filepath.Join(other, "restoring")); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
	code, said = ran(t, "restore", file, "-data", other, "-replace", "-backup-passphrase-fd", spoken())
	if code != 0 {
		t.Errorf("over data that may be replaced: ended with %d\n%s", code, said)
	}
	if aside, _ := filepath.Glob(filepath.Join(other, "set-aside-*")); len(aside) != 1 { // the first time there were no data
		t.Errorf("set aside: %v", aside)
	}
	if code, said := ran(t, "update", "-data", other); code != 0 {
		t.Errorf("after that: ended with %d\n%s", code, said)
	}
}
