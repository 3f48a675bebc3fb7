package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"path/filepath"

	"consentry/app/shell"
	"consentry/frontend"
	"consentry/storage/folder"
)

// keptWindow is what the data folder has of the program's window.
type keptWindow struct {
	shell.Place
	Told bool // that the program goes on when the window is closed
}

// window returns how the program is shown that begins at an address.
func (s *stage) window(address string) shell.Options {
	return shell.Options{
		URL: address, Title: "Consentry", Open: true, Begun: s.sessions.Begun(), Log: s.log, Waiting: s.counted,
		Words: shell.Words(frontend.WindowMenu(s.spoken())), Place: s.kept.Place, Keep: s.keepPlace,
		Fresh: s.sessions.FreshWindowAddress, FreshBrowser: s.sessions.FreshAddress, Raise: s.raise, GoesOn: s.goesOn, Hidden: s.tellHidden,
	}
}

// readWindow returns what was kept; nothing where nothing was, or it cannot be read: then a window is as the first time.
func (s *stage) readWindow() (kept keptWindow) {
	content, err := folder.ReadOwn(filepath.Join(s.options.data, folder.Window))
	if err == nil {
		err = json.Unmarshal(content, &kept)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		s.log.Warn("where the window was cannot be read; it opens as the first time", "error", err)
		return keptWindow{}
	}
	return kept
}

func (s *stage) keepPlace(place shell.Place) {
	s.keeping.Lock()
	defer s.keeping.Unlock()
	s.kept.Place = place
	s.keepWindow()
}

// keepWindow writes what is known of the window; the lock is held.
func (s *stage) keepWindow() {
	content, err := json.Marshal(s.kept)
	if err == nil {
		err = folder.WriteOwn(filepath.Join(s.options.data, folder.Window), content)
	}
	if err != nil {
		s.log.Warn("where the window is was not kept", "error", err)
	}
}

// tellHidden says once that the program goes on.
func (s *stage) tellHidden() {
	s.keeping.Lock()
	defer s.keeping.Unlock()
	s.log.Info("the window was closed; the program goes on in the background")
	if s.kept.Told {
		return
	}
	told := frontend.GoesOnNotice(s.spoken())
	if err := shell.Notify(told.Title, told.Text); err != nil {
		s.log.Info("that the program goes on could not be shown on the desktop", "error", err)
	}
	s.kept.Told = true
	s.keepWindow()
}
