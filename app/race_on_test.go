//go:build race

package app_test

// sequencesPerRun is what every run does of TestModel; under the race detector each
// takes some ten times as long.
const sequencesPerRun = 25
