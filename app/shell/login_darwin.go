package shell

import (
	"bytes"
	"encoding/xml"
	"errors"
	"os"
	"path/filepath"
)

// Under macOS launchd starts what the files in the person's LaunchAgents say: launchd.plist(5).

func label(name string) string { return "app." + name }

func entryPath(name string) (string, error) {
	home, err := os.UserHomeDir()
	return filepath.Join(home, "Library", "LaunchAgents", label(name)+".plist"), err
}

// agent is as much of a property list as is read: the strings of its arrays, of which there is one.
type agent struct {
	Arguments []string `xml:"dict>array>string"`
}

func readEntry(name string) (entry, error) {
	path, err := entryPath(name)
	if err != nil {
		return entry{}, err
	}
	content, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return entry{}, errNoEntry
	}
	if err != nil {
		return entry{}, err
	}
	var read agent
	if err := xml.Unmarshal(content, &read); err != nil {
		return entry{}, err
	}
	return entry{place: path, command: read.Arguments}, nil
}

func writeEntry(name string, command []string) error {
	path, err := entryPath(name)
	if err != nil {
		return err
	}
	var content bytes.Buffer
	content.WriteString(xml.Header + "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n" +
		"<plist version=\"1.0\"><dict>\n<key>Label</key><string>" + label(name) + "</string>\n<key>RunAtLoad</key><true/>\n<key>ProgramArguments</key><array>\n")
	for _, part := range command {
		content.WriteString("<string>")
		if err := xml.EscapeText(&content, []byte(part)); err != nil {
			return err
		}
		content.WriteString("</string>\n")
	}
	content.WriteString("</array>\n</dict></plist>\n")
	return putEntry(path, content.Bytes())
}
