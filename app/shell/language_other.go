//go:build !windows && !darwin

package shell

// desktopLanguages are none: there the environment says it.
func desktopLanguages() []string { return nil }
