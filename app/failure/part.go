package failure

import (
	"strings"

	"consentry/storage"
	"consentry/xs2a"
)

// OfPart returns why a part of an account could not be read, as it was kept.
func OfPart(bank string, f storage.Failure) storage.Reason {
	r := By(bank)
	switch f.Kind {
	case storage.FailedUnreachable:
		r.Code = Unreachable
		if code, host, by := strings.Cut(f.Code, " "); by { // a proxy
			r.Code, r.Text = code, host
		}
	case storage.FailedMalformed:
		r.Code = Malformed
	case storage.FailedElsewhere:
		r.Code = PartElsewhere
	case storage.FailedEndless:
		r.Code = PartEndless
	case storage.FailedQuota:
		r.Code = PartQuota
	case storage.FailedSkipped:
		r.Code = PartSkipped
	case storage.FailedByDisk:
		r.Code = f.Code
	case storage.FailedInside:
		r.Code = PartInside
	default:
		r.Code = refusal(&xs2a.Error{Kind: xs2a.Refused, Status: f.Status, Code: f.Code})
	}
	return r
}
