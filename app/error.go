package app

import (
	"errors"

	"consentry/app/failure"
	"consentry/storage"
)

// Error is a failure a person may read about.
type Error = failure.Error

// NewHost is a host that a bank's answer leads to and nobody named for the bank.
type NewHost = failure.NewHost

// NotFound reports whether an error means that what was asked for is not there.
func NotFound(err error) bool { return errors.Is(err, storage.ErrNotFound) }

// explain returns what may be said of any failure of an exchange with a bank.
func (a *App) explain(bank string, err error) *Error {
	return a.explainBy(failure.By(bank), err)
}

// explainBy is explain for an answer that is no bank's.
func (a *App) explainBy(by storage.Reason, err error) *Error {
	e := failure.Of(by, err, a.now())
	if e.Code == failure.Inside {
		a.log.Error("internal", "error", err)
	}
	return e
}

// NotStored says why the disk did not take the last write; nil where it did.
func (a *App) NotStored() *Error {
	fault := a.store.Fault()
	if fault == "" {
		return nil
	}
	return failure.OfDisk(fault)
}
