package frontend

import (
	"strings"
	"testing"

	"consentry/storage"
	"consentry/storage/folder"
)

// TestRefusalSaysWhatToDo names what is wrong, that nothing was changed and where, and
// a way on, whatever the reason.
func TestRefusalSaysWhatToDo(t *testing.T) {
	t.Parallel()
	unfit := func(fault folder.Fault) Refusal {
		return Refusal{Kind: FolderUnfit, Unfit: &folder.Error{Path: "/data/master.key", Fault: fault, Owner: 12345}}
	}
	for _, test := range []struct {
		refusal Refusal
		says    []string
	}{
		{Refusal{Kind: KeyMissing}, []string{"is missing.", "a new key would not open them", "/data/master.key, or keyring-account beside it"}},
		{Refusal{Kind: KeyDamaged}, []string{"is damaged.", "/data/master.key, or keyring-account beside it"}},
		{Refusal{Kind: KeyForeign}, []string{"belongs to other data.", "that of another data folder", "and consentry.db. Then"}},
		{Refusal{Kind: KeyNotGiven}, []string{"keyring did not give", "Unlock the keyring"}},
		{Refusal{Kind: KeyOpenToOthers}, []string{"Other users", `chmod 600 "/data/master.key"`}},
		{Refusal{Kind: KeyUnreadable}, []string{"cannot be read.", "readable for yourself"}},
		{Refusal{Kind: DataNewer}, []string{"newer version", "Start the version of Consentry that used them last", "This is Consentry " + storage.Version()}},
		{Refusal{Kind: DataNewer, Newer: "v9.1.0"}, []string{"newer version", "Start Consentry v9.1.0, or"}},
		{Refusal{Kind: FolderInUse}, []string{"is running already", "Go to its window"}},
		{unfit(folder.NoFolder), []string{"cannot be used", "/data/master.key is not a folder: name another one with -data."}},
		{unfit(folder.IsFolder), []string{"but a folder: put the file itself there", "-data"}},
		{unfit(folder.IsLink), []string{"but a link to elsewhere: put the file itself there", "-data"}},
		{unfit(folder.IsOther), []string{"but something else: put the file itself there", "-data"}},
		{unfit(folder.OfAnother), []string{"belongs to another user of this machine (number 12345)", "-data"}},
		{Refusal{Kind: DiskFails, Fault: storage.DiskFull}, []string{"The disk is full", "Free some space on the disk that holds /data."}},
		{Refusal{Kind: DiskFails, Fault: storage.ReadOnly}, []string{"takes no changes", "/data writable"}},
		{Refusal{Kind: DiskFails, Fault: storage.NotAllowed}, []string{"may not open", "Make /data and the files in it yours"}},
		{Refusal{Kind: DiskFails, Fault: storage.NotOpened}, []string{"may not open", "Make /data and the files in it yours"}},
		{Refusal{Kind: DiskFails, Fault: storage.DiskBroken}, []string{"gives errors", "Save a copy of /data"}},
		{Refusal{Kind: DiskFails, Fault: storage.Damaged}, []string{"The database with your data is damaged.", "Put consentry.db back"}},
		{Refusal{Kind: DiskFails}, []string{"could not open your data.", "The details say why."}},
	} {
		test.refusal.Folder = "/data"
		said := test.refusal.Error()
		for _, want := range append(test.says, "Nothing was changed in your data folder, /data.") {
			if !strings.Contains(said, want) {
				t.Errorf("%s: does not say %q: %s", test.refusal.Kind, want, said)
			}
		}
		if another := strings.Contains(said, "Or use another data folder"); another != (test.refusal.Unfit == nil) {
			t.Errorf("%s: offers another folder: %v: %s", test.refusal.Kind, another, said)
		}
	}
}

// TestOpenFolderIsSaid says what others can do in the data folder, and how to close it
// where that is in the person's hand.
func TestOpenFolderIsSaid(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		open  folder.Warning
		says  string
		close bool
	}{
		{folder.Warning{Fault: folder.Listable, Mode: 0o711}, "see the names of the files in the data folder /data (mode 0711)", true},
		{folder.Warning{Fault: folder.Writable, Mode: 0o770}, "replace files in the data folder /data (mode 0770)", true},
		{folder.Warning{Fault: folder.OfAnother, Owner: 12345}, "The data folder /data belongs to another user of this machine (number 12345)", false},
	} {
		said := StartNotice{Kind: FolderOpen, Folder: "/data", Open: test.open}.notice(t.Context()).Title
		if !strings.Contains(said, test.says) || strings.Contains(said, `To close it: chmod 700 "/data"`) != test.close {
			t.Errorf("%s: said %q", test.open.Fault, said)
		}
	}
}
