//go:build !windows && !darwin

package shell

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// Under Linux, and wherever desktops are as there, a desktop starts what the files in its autostart folder say (Desktop Application Autostart Specification 0.5).

func entryPath(name string) (string, error) {
	config, err := os.UserConfigDir()
	return filepath.Join(config, "autostart", name+".desktop"), err
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
	keys := desktopEntry(content)
	return entry{
		place: path, command: commandOfExec(keys["Exec"]),
		disabled: keys["Hidden"] == "true" || keys["X-GNOME-Autostart-enabled"] == "false",
	}, nil
}

// desktopEntry reads the one group of a file that counts (Desktop Entry Specification 1.5).
func desktopEntry(content []byte) map[string]string {
	keys, within := map[string]string{}, false
	for line := range bytes.Lines(content) {
		text := strings.TrimSpace(string(line))
		if strings.HasPrefix(text, "[") {
			within = text == "[Desktop Entry]"
			continue
		}
		if key, value, ok := strings.Cut(text, "="); ok && within {
			keys[strings.TrimSpace(key)] = strings.TrimSpace(value)
		}
	}
	return keys
}

func writeEntry(name string, command []string) error {
	path, err := entryPath(name)
	if err != nil {
		return err
	}
	content := "[Desktop Entry]\nType=Application\nName=Consentry\nIcon=consentry\nTerminal=false\nX-GNOME-Autostart-enabled=true\nExec=" + execOfCommand(command) + "\n"
	return putEntry(path, []byte(content))
}

// Each argument is quoted, and then the whole is as any string (Desktop Entry Specification 1.5, "The Exec key").
var (
	quotedInExec = strings.NewReplacer(`"`, `\"`, "`", "\\`", `$`, `\$`, `\`, `\\`, `%`, `%%`)
	stringInFile = strings.NewReplacer(`\`, `\\`)
)

func execOfCommand(command []string) string {
	var parts []string
	for _, part := range command {
		parts = append(parts, `"`+quotedInExec.Replace(part)+`"`)
	}
	return stringInFile.Replace(strings.Join(parts, " "))
}

// commandOfExec reads what execOfCommand and other programs write.
func commandOfExec(exec string) (command []string) {
	text := []rune(strings.NewReplacer(`\\`, `\`, `\s`, " ", `\t`, "\t").Replace(exec))
	var part strings.Builder
	quoted, begun := false, false
	for i := 0; i < len(text); i++ {
		switch char := text[i]; {
		case char == '"':
			quoted, begun = !quoted, true
		case char == '\\' && quoted && i+1 < len(text):
			i++
			part.WriteRune(text[i])
		case char == '%' && i+1 < len(text):
			i++
			if text[i] == '%' {
				part.WriteRune('%')
				begun = true
			}
		case char == ' ' && !quoted:
			if begun {
				command = append(command, part.String())
			}
			part.Reset()
			begun = false
		default:
			part.WriteRune(char)
			begun = true
		}
	}
	if begun {
		command = append(command, part.String())
	}
	return command
}
