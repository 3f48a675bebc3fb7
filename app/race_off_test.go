//go:build !race

package app_test

// sequencesPerRun is what every run does of TestModel.
const sequencesPerRun = 100
