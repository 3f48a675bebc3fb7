package shell

import (
	"errors"

	"golang.org/x/sys/windows"
	"golang.org/x/sys/windows/registry"
)

// Windows starts what stands in a key of the person's registry, unless its settings have switched that off in another.
const (
	runKey      = `Software\Microsoft\Windows\CurrentVersion\Run`
	approvedKey = `Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run`
)

func readEntry(name string) (entry, error) {
	key, err := registry.OpenKey(registry.CURRENT_USER, runKey, registry.QUERY_VALUE)
	if errors.Is(err, registry.ErrNotExist) {
		return entry{}, errNoEntry
	}
	if err != nil {
		return entry{}, err
	}
	defer key.Close()
	line, _, err := key.GetStringValue(name)
	if errors.Is(err, registry.ErrNotExist) {
		return entry{}, errNoEntry
	}
	if err != nil {
		return entry{}, err
	}
	command, err := windows.DecomposeCommandLine(line)
	return entry{place: `HKEY_CURRENT_USER\` + runKey + `\` + name, command: command, disabled: switchedOff(name)}, err
}

// switchedOff reports what the settings of Windows have: an odd first byte is "disabled".
func switchedOff(name string) bool {
	key, err := registry.OpenKey(registry.CURRENT_USER, approvedKey, registry.QUERY_VALUE)
	if err != nil {
		return false
	}
	defer key.Close()
	state, _, err := key.GetBinaryValue(name)
	return err == nil && len(state) > 0 && state[0]&1 == 1
}

func writeEntry(name string, command []string) error {
	key, _, err := registry.CreateKey(registry.CURRENT_USER, runKey, registry.SET_VALUE)
	if err != nil {
		return err
	}
	defer key.Close()
	if approved, err := registry.OpenKey(registry.CURRENT_USER, approvedKey, registry.SET_VALUE); err == nil {
		_ = approved.DeleteValue(name) // the person has just chosen otherwise
		approved.Close()
	}
	return key.SetStringValue(name, windows.ComposeCommandLine(command))
}

func removeEntry(name string) error {
	key, err := registry.OpenKey(registry.CURRENT_USER, runKey, registry.SET_VALUE)
	if errors.Is(err, registry.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer key.Close()
	if err := key.DeleteValue(name); !errors.Is(err, registry.ErrNotExist) {
		return err
	}
	return nil
}
