package frontend

import (
	"context"
	"net/http"
	"slices"

	"consentry/app"
	"consentry/frontend/words"
	"consentry/storage"
)

// audiences are the answers to the one question, in its order.
var audiences = []struct {
	Audience    app.Audience
	Word, Means words.Text
}{
	{app.AudienceOwn, "My own banks", "What is for practice and for testers stays out of the way."},
	{app.AudienceShowing, "Showing it", "The practice banks are here, without what only testers need. Names and account numbers can be masked."},
	{app.AudienceTesting, "Testing", "Everything is here: what banks sent as they sent it, questions to a bank, and what is to be practised where."},
}

type audienceKey struct{}

// withAudience tells the views for whom they are.
func withAudience(ctx context.Context, audience app.Audience) context.Context {
	return context.WithValue(ctx, audienceKey{}, audience)
}

// forTesting reports whether a page shows what only testers need: until somebody said that they are none.
func forTesting(ctx context.Context) bool {
	audience, _ := ctx.Value(audienceKey{}).(app.Audience)
	return audience == app.AudienceTesting || audience == app.AudienceUnasked
}

// forShowing reports whether a page shows what only those need who show the program, or test with it: the
// stage of the practice banks.
func forShowing(ctx context.Context) bool {
	audience, _ := ctx.Value(audienceKey{}).(app.Audience)
	return audience != app.AudienceOwn
}

// setAudience keeps the answer and goes back to where it was given.
func (s *Server) setAudience(w http.ResponseWriter, r *http.Request) error {
	if app.Audience(r.PostFormValue("audience")) != app.AudienceShowing { // which ends the presenter mode
		s.endsShow()
	}
	if err := s.app.SetAudience(r.Context(), app.Audience(r.PostFormValue("audience"))); err != nil {
		return err
	}
	redirect(w, r, cameFrom(r))
	return nil
}

// setPresenting begins the presenter mode, changes or ends it, and goes back to where that was done.
func (s *Server) setPresenting(w http.ResponseWriter, r *http.Request) error {
	how := r.PostFormValue("presenter")
	if how != "on" {
		s.endsShow()
	}
	if err := s.app.SetPresenting(r.Context(), app.Presenting{On: how == "on", HideAmounts: r.PostFormValue("amounts") == "hidden"}); err != nil {
		return err
	}
	redirect(w, r, cameFrom(r))
	return nil
}

// practiceHidden reports whether the practice banks stay out of the way: of who looks at their own banks alone, and
// has nothing linked there.
func (s *Server) practiceHidden(ctx context.Context) (bool, error) {
	settings, err := s.app.Settings(ctx)
	if err != nil || settings.Audience != app.AudienceOwn {
		return false, err
	}
	used, err := s.app.Practises(ctx)
	return !used, err
}

// environments lists those that the person has use for.
func (s *Server) environments(ctx context.Context) (all []storage.Environment, practice bool, err error) {
	if all, err = s.app.Banks().Environments(ctx); err != nil {
		return nil, false, err
	}
	hidden, err := s.practiceHidden(ctx)
	if hidden {
		all = slices.DeleteFunc(all, func(e storage.Environment) bool { return e.Sandbox })
	}
	return all, !hidden, err
}
