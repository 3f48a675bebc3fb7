package xs2a

import "testing"

// TestWithin says of addresses whether they lead to a bank's interface, and that the path of a
// bank says more than the host.
func TestWithin(t *testing.T) {
	platform := Profile{Dialect: "berlingroup", APIURL: "https://api.example/", Prefix: everywhere("/banks/{bank}/v1")}
	host := len("https://api.example")
	for _, test := range []struct {
		name, bank, address string
		profile             Profile
		want                int
	}{
		{"the bank's path", "nord", "https://api.example/banks/nord/v1/consents?x=1", platform, len("https://api.example/banks/nord/v1")},
		{"another bank's path", "nord", "https://api.example/banks/nordic/v1/consents", platform, host},
		{"no path", "nord", "https://api.example", platform, host},
		{"a host that begins so", "nord", "https://api.example.org/banks/nord/v1/consents", platform, 0},
		{"the dialect's own path", "nord", "https://api.example/nord/api/berlingroup/v1/consents", Profile{Dialect: "saltedge", APIURL: "https://api.example"}, len("https://api.example/nord/api/berlingroup/v1")},
		{"the bank in the host", "nord", "https://nord.api.example/v1/accounts", Profile{Dialect: "berlingroup", APIURL: "https://{bank}.api.example"}, len("https://nord.api.example/v1")},
		{"no interface", "nord", "https://api.example/v1", Profile{Dialect: "berlingroup"}, 0},
	} {
		if got := test.profile.Within(test.bank, test.address); got != test.want {
			t.Errorf("%s: %d, want %d", test.name, got, test.want)
		}
	}
}
