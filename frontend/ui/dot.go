package ui

import "strings"

// glued keeps the dot between two parts of a line with the part before it, so
// that no line begins with one where there is room for little.
func glued(text string) string { return strings.ReplaceAll(text, " · ", "\u00a0· ") }
