package frontend

import (
	"context"
	"fmt"

	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage/folder"
)

// StartNotice is something that was found wrong at the start and does not keep the
// program from running.
type StartNotice struct {
	Kind   StartNoticeKind
	Folder string         // of the data
	Open   folder.Warning // with FolderOpen
	Aside  string         // where the practice banks' old file lies, with PracticeAnew; their address, with PracticePortTaken
	Detail string         // with PracticeFailed and PracticePortTaken
}

// StartNoticeKind is what was found.
type StartNoticeKind string

// The kinds of notices.
const (
	FolderOpen     StartNoticeKind = "folderOpen"     // to others of the machine
	PracticeAnew   StartNoticeKind = "practiceAnew"   // the practice banks' file was damaged
	PracticeFailed StartNoticeKind = "practiceFailed" // the practice banks did not start

	PracticePortTaken StartNoticeKind = "practicePortTaken" // they are at another port than the settings say
)

func (n StartNotice) notice(ctx context.Context) ui.Notice {
	switch n.Kind {
	case PracticeAnew:
		return ui.Notice{
			ID: "practice", Tone: ui.Warn, Title: words.T(ctx, "The file of the practice banks was damaged, so they started anew."),
			Lost: words.T(ctx, "Your own accounts work as ever; consents at practice banks have to be asked for again."),
			Next: words.T(ctx, "The old file lies in %s.", n.Aside),
		}
	case PracticeFailed:
		return ui.Notice{
			ID: "practice", Tone: ui.Warn, Title: words.T(ctx, "The practice banks did not start."),
			Lost: words.T(ctx, "Your own accounts work as ever."), Next: words.T(ctx, "The details say why."), Detail: n.Detail,
		}
	case PracticePortTaken:
		return ui.Notice{
			ID: "practice-port", Tone: ui.Warn, Title: words.T(ctx, "The practice banks could not have the address %s.", n.Aside),
			Lost: words.T(ctx, "They answer at another one until the next start."), Next: words.T(ctx, "End the program that uses it, or choose another port under Control of the practice banks in the settings."), Detail: n.Detail,
		}
	}
	return ui.Notice{Tone: ui.Warn, Title: n.openWords(ctx)}
}

// openWords say what others of the machine can do in the data folder.
func (n StartNotice) openWords(ctx context.Context) string {
	mode, closing := fmt.Sprintf("%04o", n.Open.Mode), fmt.Sprintf("chmod 700 %q", n.Folder)
	switch n.Open.Fault {
	case folder.OfAnother:
		return words.T(ctx, "The data folder %s belongs to another user of this machine (number %s), who can take away or replace what is in it.", n.Folder, fmt.Sprint(n.Open.Owner))
	case folder.Writable:
		return words.T(ctx, "Other users of this machine can take away or replace files in the data folder %s (mode %s). They cannot read what Consentry keeps in it. To close it: %s", n.Folder, mode, closing)
	}
	return words.T(ctx, "Other users of this machine can see the names of the files in the data folder %s (mode %s). They cannot read what Consentry keeps in it. To close it: %s", n.Folder, mode, closing)
}
