package main

import (
	"log/slog"

	"consentry/app/secret"
	"consentry/frontend"
	"consentry/frontend/ui"
	"consentry/storage"
	"consentry/storage/folder"
)

// about returns what the settings say of the program, and what was found wrong at
// the start.
func about(o options, key *secret.Box, practice practiceBanks, log *slog.Logger) frontend.About {
	return frontend.About{
		Version: storage.Version(), DataDir: o.data, KeySource: key.Source(), SandboxLogins: practice.logins(),
		Notices: append(folderNotices(o.data, log), practice.notices...),
	}
}

// folderNotices say what others of the machine can do in the data folder.
func folderNotices(dir string, log *slog.Logger) (notices []ui.Notice) {
	for _, warning := range folder.Warnings(dir) {
		log.Warn(warning)
		notices = append(notices, ui.Notice{Tone: ui.Warn, Title: warning})
	}
	return notices
}
