package frontend

import (
	"context"
	"time"

	"consentry/app"
	"consentry/frontend/ui"
	"consentry/frontend/words"
)

// latelyLine is something that happened lately, in words.
type latelyLine struct {
	app.Happening
	Line consentLine // of what concerns a consent
	Now  time.Time   // by the clock of its environment
}

// lately puts what happened in the last days into words.
func (s *Server) lately(ctx context.Context) ([]latelyLine, error) {
	found, err := s.app.Lately(ctx)
	var all []latelyLine
	for _, one := range found {
		line := latelyLine{Happening: one}
		if one.Kind == app.HappenedPayment {
			line.Now = s.app.Clock().NowAt(one.Payment.EnvironmentID)
		} else {
			line.Line = s.listed(one.Consent)
			line.Now = line.Line.Now
		}
		all = append(all, line)
	}
	return all, err
}

func (l *latelyLine) row(ctx context.Context) ui.Row {
	if l.Kind == app.HappenedPayment {
		return ui.Row{Picture: logoOf(l.Payment.EnvironmentID, l.Payment.BIC, l.Payment.BankName, ui.LogoSmall).Draw(), Title: payeeOf(ctx, l.Payment),
			Sub: words.T(ctx, "Payment ended %s", ui.MomentText(ctx, l.Payment.EndedAt)), Href: paymentPath(l.Payment.ID)}
	}
	row := ui.Row{Picture: l.Line.logo(ui.LogoSmall).Draw(), Title: l.Line.BankName, Sub: l.Line.endWords(ctx), Href: consentPath(l.Line.ID)}
	if l.Kind == app.HappenedRead {
		row.Sub = words.T(ctx, "Not read %s: %s", ui.MomentText(ctx, l.At), reasonWords(ctx, l.Line.FetchError))
		if !l.Next.IsZero() {
			row.Sub = sentences(sentence(row.Sub), words.T(ctx, "It is tried again %s.", atText(ctx, l.Next)))
		}
	}
	return row
}
