package fetch

import (
	"errors"
	"slices"

	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
)

// mostDetail bounds what is kept of a failure's technical side.
const mostDetail = 2 << 10

// failureOf is what is kept of why a part of an account could not be read.
func failureOf(part storage.Part, err error) storage.Failure {
	f := storage.Failure{Part: part, Kind: storage.FailedInside, Detail: err.Error()}
	var failed *xs2a.Error
	var proxy *xs2a.ProxyError
	switch {
	case isEndless(err):
		f.Kind = storage.FailedEndless
	case isQuota(err):
		f.Kind = storage.FailedQuota
	case errors.As(err, &failed) && xs2a.Misleads(err):
		f.Kind, f.Detail = storage.FailedElsewhere, failure.Detail(failed)
	case storage.FaultOf(err) != "":
		f.Kind, f.Code = storage.FailedByDisk, string(storage.FaultOf(err))
	case errors.Is(err, failure.ErrLeft):
		f.Kind = storage.FailedSkipped
	case errors.As(err, &failed):
		f.Kind, f.Status, f.Code, f.Detail = kindsOfFailure[failed.Kind], failed.Status, failed.Code, failure.Detail(failed)
		if errors.As(err, &proxy) {
			f.Code = failure.KeptOfProxy(proxy)
		}
	}
	f.Code, f.Detail = f.Code[:min(len(f.Code), 100)], f.Detail[:min(len(f.Detail), mostDetail)]
	return f
}

var kindsOfFailure = map[xs2a.Kind]storage.FailureKind{
	xs2a.Refused: storage.FailedRefused, xs2a.Unreachable: storage.FailedUnreachable, xs2a.Malformed: storage.FailedMalformed,
}

// mainError is the error that stands for several: the first that is no want of
// reads, which come again by themselves.
func mainError(all []error) error {
	if i := slices.IndexFunc(all, func(err error) bool { return !isQuota(err) }); i >= 0 {
		return all[i]
	}
	if len(all) == 0 {
		return nil
	}
	return all[0]
}

func isEndless(err error) bool {
	var endless *failure.EndlessError
	return errors.As(err, &endless)
}

func isQuota(err error) bool {
	var full *storage.QuotaError
	return errors.As(err, &full)
}
