package e2e

import (
	"archive/tar"
	"bytes"
	"io"
	"testing"

	"filippo.io/age"
)

// backupWords open the backup of these tests.
const backupWords = "elva renar i en roddbat"

// A person keeps all of it in a file, and brings it back in a program that knows nothing: with the wrong passphrase, a damaged
// file and one of a newer version they are told so, what is in it is shown before anything is replaced, and what was there
// before is asked for a second time.
func TestJourneyBackup(t *testing.T) {
	journey(t)
	t.Parallel()
	knows(t, "a backup's passphrase", backupWords)
	old, fresh := start(t), start(t)
	astrid := opens(old)
	astrid.links("Norrsken Bank", "Astrid Lindqvist")
	folder := astrid.downloads()
	astrid.visit("/settings")
	astrid.see("No backup was made here yet.")
	astrid.click("Make or restore a backup")
	astrid.title("Backup")
	astrid.see("Whoever opens the file can use your consents.")
	astrid.fill("Passphrase for this backup", "kort")
	astrid.fill("The same again", "kort")
	astrid.click("Make a backup")
	astrid.see("Take 8 characters at least.")
	astrid.fill("Passphrase for this backup", backupWords)
	astrid.fill("The same again", "something else")
	astrid.click("Make a backup")
	astrid.see("This is not what you typed above.")
	astrid.fill("Passphrase for this backup", backupWords)
	astrid.fill("The same again", backupWords)
	astrid.click("Make a backup")
	made := astrid.saved(folder, ".consentry")
	astrid.visit("/settings/backup")
	astrid.see("The last backup was made today")

	// In a program that knows nothing yet.
	other := opens(fresh)
	other.visit("/")
	other.click("Restore a backup from another machine")
	other.title("Restore a backup")
	other.sendsBackup("none.consentry", "a shopping list", backupWords)
	other.see("This file is no backup of Consentry.")
	other.sendsBackup("cut.consentry", made[:len(made)-1000], backupWords)
	other.see("This backup is damaged, or not there to its end.")
	other.sendsBackup("newer.consentry", newerBackup(t), backupWords)
	other.see("This backup was made by Consentry v99.1.0, which is newer than this one")
	other.sendsBackup("all.consentry", made, "not the words")
	other.see("This is not the passphrase of the backup")
	other.sendsBackup("all.consentry", made, backupWords)
	other.title("Restore this backup?")
	other.see("1 bank, 1 consent, 4 accounts")
	other.see("no accounts and no consents")
	other.inspect("found", 1280, light, everything)
	other.inspect("found", 360, dark, onTelephones)
	other.click("Restore the backup")
	other.title("The backup was restored")
	other.see("There is no passphrase for the lock now")
	other.inspect("restored", 1280, light, everything)
	other.inspect("restored", 360, dark, onTelephones)
	other.click("To the overview")
	other.see("Norrsken Bank")

	// Its consent is used there, at the practice banks that came along.
	other.visit("/consents")
	other.click("Norrsken Bank")
	other.click("Update now")
	other.see("Already up to date.")

	// Over data it is asked for, and may be left.
	other.visit("/settings/backup/restore")
	other.sendsBackup("all.consentry", made, backupWords)
	other.title("Restore this backup?")
	other.see("What is here now is set aside in a folder of its own")
	other.click("Do not restore it")
	other.title("Backup")
	other.visit("/settings/backup/found")
	other.title("Restore a backup")
	other.sendsBackup("all.consentry", made, backupWords)
	other.click("Set these data aside and restore the backup")
	other.title("The backup was restored")
	other.see("What was here before lies in a folder of its own:")
	other.visit("/accounts")
	other.see("SEK")
}

// sendsBackup chooses the file of a backup and types its passphrase.
func (p *person) sendsBackup(name, content, with string) {
	p.t.Helper()
	p.uploads(savedFile(p.t, name, content))
	p.fill("Passphrase of the backup", with)
	p.click("Look at it")
}

// newerBackup is one of a version that does not exist yet.
func newerBackup(t *testing.T) string {
	t.Helper()
	recipient, err := age.NewScryptRecipient(backupWords)
	if err != nil {
		t.Fatal(err)
	}
	recipient.SetWorkFactor(10)
	var to bytes.Buffer
	into, err := age.Encrypt(&to, recipient)
	if err != nil {
		t.Fatal(err)
	}
	archive, says := tar.NewWriter(into), `{"format":2,"version":"v99.1.0"}`
	if err := archive.WriteHeader(&tar.Header{Name: "backup.json", Size: int64(len(says))}); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(archive, says); err != nil {
		t.Fatal(err)
	}
	for _, each := range []io.Closer{archive, into} {
		if err := each.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return to.String()
}
