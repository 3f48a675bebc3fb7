//go:build !race

package app_test

// sequencesPerRun is what every run does of TestModel.
const sequencesPerRun = 100

// mostMemory is what hostile banks may make the program use beside what it uses.
const mostMemory = 64 << 20
