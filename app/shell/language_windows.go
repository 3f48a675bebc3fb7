package shell

import "golang.org/x/sys/windows"

// desktopLanguages are those that Windows shows itself in (GetUserPreferredUILanguages).
func desktopLanguages() []string {
	tags, err := windows.GetUserPreferredUILanguages(windows.MUI_LANGUAGE_NAME)
	if err != nil {
		return nil
	}
	return tags
}
