package frontend

import (
	"context"
	"errors"
	"net/http"

	"consentry/app"
	"consentry/frontend/ui"
	"consentry/frontend/words"
)

// checkView is what trying out an environment's connection came to.
type checkView struct {
	Findings []app.Finding
	Failure  *app.Error // why nothing could be tried
}

// checkConnection tries out what is stored of an environment.
func (s *Server) checkConnection(w http.ResponseWriter, r *http.Request) error {
	view, err := s.environmentOf(r)
	if err != nil {
		return err
	}
	view.Check = &checkView{}
	view.Check.Findings, err = s.app.CheckConnection(r.Context(), view.ID)
	if err != nil && !errors.As(err, &view.Check.Failure) {
		return err
	}
	if aimsAt(r, "connection") {
		return s.fragment(w, r, connection(view))
	}
	return s.page(w, r, view.page(), environmentScreen(view))
}

// summary is the result in one line.
func (check checkView) summary(ctx context.Context) string {
	works := 0
	for _, finding := range check.Findings {
		if finding.OK {
			works++
		}
	}
	switch {
	case check.Failure != nil || len(check.Findings) == 0:
		return words.T(ctx, "Nothing could be tried.")
	case works == len(check.Findings):
		return words.T(ctx, "The connection works.")
	}
	return words.T(ctx, "%d of %s failed.", len(check.Findings)-works, words.N(ctx, len(check.Findings), "%d attempt", "%d attempts"))
}

func findingTone(finding app.Finding) ui.Tone {
	if finding.OK {
		return ui.Good
	}
	return ui.Bad
}
