//go:build race

package storage

// scaled is how much is done of what takes ten times as long under the race detector.
func scaled(n int) int { return n / 3 }
