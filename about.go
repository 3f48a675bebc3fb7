package main

import (
	"log/slog"
	"os"

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
		ProxyVariables: proxyVariables(log),
		Notices:        append(folderNotices(o.data, log), practice.notices...),
	}
}

// proxyVariables are the environment variables that name a proxy to other programs. This one uses none of them: what lies
// between it and a bank is said in its settings (decision 0077). What they hold may be a password.
func proxyVariables(log *slog.Logger) (set []string) {
	for _, name := range []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"} {
		if os.Getenv(name) != "" {
			set = append(set, name)
		}
	}
	if len(set) > 0 {
		log.Info("a proxy that the system names is not used; the settings of an environment can name one", "variables", set)
	}
	return set
}

// folderNotices say what others of the machine can do in the data folder.
func folderNotices(dir string, log *slog.Logger) (notices []frontend.StartNotice) {
	for _, open := range folder.Warnings(dir) {
		log.Warn("the data folder is not closed to others", "folder", dir, "is", open.Fault, "owner", open.Owner, "mode", open.Mode)
		notices = append(notices, frontend.StartNotice{Kind: frontend.FolderOpen, Folder: dir, Open: open})
	}
	return notices
}
