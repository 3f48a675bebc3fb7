//go:build !windows

package storage

// faultsOfSystem: these systems have the common numbers alone.
var faultsOfSystem []knownFault
