//go:build race

package app_test

// sequencesPerRun is what every run does of TestModel; under the race detector each
// takes some ten times as long.
const sequencesPerRun = 25

// mostMemory is what hostile banks may make the program use beside what it uses. The
// detector slows the collector, so that more of what is garbage already counts as used:
// the bound itself is held without it.
const mostMemory = 2 * 64 << 20
