package main

import (
	"log/slog"

	"consentry/app/secret"
	"consentry/frontend"
	"consentry/storage"
	"consentry/storage/folder"
)

// about returns what the settings say of the program, and what was found wrong at
// the start.
func about(o options, key *secret.Box, practice practiceBanks, log *slog.Logger) frontend.About {
	return frontend.About{
		Version: storage.Version(), DataDir: o.data, KeyFile: key.File(), SandboxLogins: practice.logins(), ControlGiven: o.control != "",
		Notices: append(folderNotices(o.data, log), practice.notices...),
	}
}

// folderNotices say what others of the machine can do in the data folder.
func folderNotices(dir string, log *slog.Logger) (notices []frontend.StartNotice) {
	for _, open := range folder.Warnings(dir) {
		log.Warn("the data folder is not closed to others", "folder", dir, "is", open.Fault, "owner", open.Owner, "mode", open.Mode)
		notices = append(notices, frontend.StartNotice{Kind: frontend.FolderOpen, Folder: dir, Open: open})
	}
	return notices
}
