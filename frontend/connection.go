package frontend

import (
	"context"
	"errors"
	"net/http"

	"consentry/app"
	"consentry/app/bank"
	"consentry/frontend/ui"
	"consentry/frontend/words"
)

// checkView is what trying out an environment's connection came to.
type checkView struct {
	Findings []bank.Finding
	Failure  *app.Error // why nothing could be tried
}

// checkConnection tries out what is stored of an environment.
func (s *Server) checkConnection(w http.ResponseWriter, r *http.Request) error {
	view, err := s.environmentOf(r)
	if err != nil {
		return err
	}
	view.Check = &checkView{}
	view.Check.Findings, err = s.app.Banks().Check(r.Context(), view.ID)
	if err != nil && !errors.As(err, &view.Check.Failure) {
		return err
	}
	if aimsAt(r, "connection") {
		return s.fragment(w, r, connection(view))
	}
	return s.page(w, r, view.page(r.Context()), environmentScreen(view))
}

// summary is the result in one line.
func (check checkView) summary(ctx context.Context) string {
	works := 0
	unclear := false
	for _, finding := range check.Findings {
		if finding.Failure == nil {
			works++
		}
		unclear = unclear || finding.Unclear
	}
	switch {
	case check.Failure != nil || len(check.Findings) == 0:
		return words.T(ctx, "Nothing could be tried.")
	case works == len(check.Findings) && unclear:
		return words.T(ctx, "The bank was reached. Whether the address is right is not certain.")
	case works == len(check.Findings):
		return words.T(ctx, "The connection works.")
	}
	return words.T(ctx, "%d of %s failed.", len(check.Findings)-works, words.N(ctx, len(check.Findings), "%d attempt", "%d attempts"))
}

func findingTone(finding bank.Finding) ui.Tone {
	switch {
	case finding.Failure != nil:
		return ui.Bad
	case finding.Unclear:
		return ui.Warn
	}
	return ui.Good
}

// findingNotice says what was tried, and what came of it.
func findingNotice(ctx context.Context, id string, finding bank.Finding) ui.Notice {
	what, came := triedWords(ctx, finding)
	notice := ui.Notice{ID: id, Tone: findingTone(finding), Title: what, Next: came}
	if finding.Failure != nil {
		said := sayFailure(ctx, finding.Failure)
		notice.Next, notice.Detail = sentences(said.What, said.Next), finding.Failure.Detail
	}
	return notice
}

func triedWords(ctx context.Context, finding bank.Finding) (what, came string) {
	switch finding.Tried {
	case bank.TriedCountries:
		return words.T(ctx, "Ask for the list of countries"), words.N(ctx, finding.Number, "%d country came back.", "%d countries came back.")
	case bank.TriedCountry:
		return words.T(ctx, "Ask for one country"), words.T(ctx, "%s came back.", finding.Name)
	case bank.TriedCities:
		return words.T(ctx, "Ask for the list of cities"), words.N(ctx, finding.Number, "%d city came back.", "%d cities came back.")
	case bank.TriedCity:
		return words.T(ctx, "Ask for one city"), words.T(ctx, "%s came back.", finding.Name)
	}
	return words.T(ctx, "Ask %s for a consent that does not exist", finding.Name), answeredWords(ctx, finding)
}

// answeredWords say of a question that was answered what that shows, and what was not tried.
func answeredWords(ctx context.Context, finding bank.Finding) string {
	all, used := []string{words.T(ctx, "The bank answered the question itself: the address is right.")}, finding.Used
	if finding.Unclear {
		all[0] = words.T(ctx, "The bank answered that it knows nothing there. It may mean the consent, which does not exist, or the address: check the bank’s id and the paths.")
	}
	if used.Client {
		all = append(all, words.T(ctx, "Client id and secret are accepted."))
	}
	if used.Signature {
		all = append(all, words.T(ctx, "The request was signed, and the bank did not refuse the signature."))
	} else {
		all = append(all, words.T(ctx, "No signature was tried: requests to it are not signed."))
	}
	if used.Certificate {
		all = append(all, words.T(ctx, "The certificate for connections was there to be shown; whether the bank looked at it cannot be told."))
	} else {
		all = append(all, words.T(ctx, "No certificate for connections was tried."))
	}
	return sentences(all...)
}
