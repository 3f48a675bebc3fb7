package frontend

import (
	"strings"
	"testing"

	"consentry/app"
	"consentry/app/failure"
	"consentry/app/pay"
	"consentry/storage"
)

// TestLoginWhereTheFormBegins shows the forms of a bank that wants the login with the request, and of one
// that does not: there it stands among what few people need.
func TestLoginWhereTheFormBegins(t *testing.T) {
	t.Parallel()
	const field, why = `name="psu_id"`, "takes no request without your login"
	missing := failure.Invalid(map[string]storage.Reason{"psu_id": {Code: failure.EnterLogin}})
	for _, form := range []struct {
		what, after string // what is asked for next
		drawn       func(wants bool, failed *app.Error) string
	}{
		{"consent", `name="share"`, func(wants bool, failed *app.Error) string {
			view := shareView{Bank: exampleBank(), Share: app.Share{Recurring: true}, Failure: failed}
			view.Bank.Login = wants
			return string(render(t, t.Context(), shareScreen(view)))
		}},
		{"payment", `name="product"`, func(wants bool, failed *app.Error) string {
			view := payView{Offer: pay.Offer{Bank: exampleBank(), Products: []pay.Product{pay.ProductNamed("sepa-credit-transfers")}}, Failure: failed}
			view.Offer.Bank.Login = wants
			return string(render(t, t.Context(), payScreen(view)))
		}},
	} {
		first := form.drawn(true, nil)
		if at := strings.Index(first, field); at < 0 || at > strings.Index(first, form.after) || !strings.Contains(first, why) || strings.Count(first, field) != 1 {
			t.Errorf("%s: the login is not asked for where the form begins", form.what)
		}
		if html := form.drawn(true, missing); !strings.Contains(html, "Enter the login your bank knows you by.") || strings.Count(html, "<details class=\"more\" open") > 0 {
			t.Errorf("%s: what is missing is not said at the field alone", form.what)
		}
		last := form.drawn(false, nil)
		if at := strings.Index(last, field); at < strings.Index(last, form.after) || strings.Contains(last, why) || strings.Count(last, field) != 1 {
			t.Errorf("%s: the login is asked for first without a need", form.what)
		}
	}
}
