package app_test

import (
	"testing"
	"time"

	"consentry/app"
	"consentry/app/fresh"
)

// The presenter mode is for showing while it lasts; after it the screens are for whom they
// were before, unless another answer was given meanwhile.
func TestScreensAreForWhomTheyWereAfterPresenting(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ before, meanwhile, after app.Audience }{
		{app.AudienceTesting, "", app.AudienceTesting},
		{app.AudienceOwn, "", app.AudienceOwn},
		{app.AudienceShowing, "", app.AudienceShowing},
		{app.AudienceUnasked, "", app.AudienceShowing}, // who begins it has answered
		{app.AudienceTesting, app.AudienceShowing, app.AudienceShowing},
		{app.AudienceTesting, app.AudienceOwn, app.AudienceOwn},
	} {
		store := fresh.Store(t, time.Now)
		defer store.Close()
		program := app.New(app.Config{Store: store})
		defer program.Close()
		says := func(audience app.Audience) {
			if audience == "" {
				return
			}
			if err := program.SetAudience(t.Context(), audience); err != nil {
				t.Fatal(err)
			}
		}
		presents := func(how app.Presenting) {
			if err := program.SetPresenting(t.Context(), how); err != nil {
				t.Fatal(err)
			}
		}
		is := func(when string, want app.Audience) {
			if settings, err := program.Settings(t.Context()); err != nil || settings.Audience != want {
				t.Errorf("%v: %s the screens are for %q (%v), want %q", test, when, settings.Audience, err, want)
			}
		}
		says(test.before)
		presents(app.Presenting{On: true})
		is("at first", app.AudienceShowing)
		presents(app.Presenting{On: true, HideAmounts: true})
		is("with amounts hidden", app.AudienceShowing)
		says(test.meanwhile)
		presents(app.Presenting{})
		is("afterwards", test.after)
	}
}
