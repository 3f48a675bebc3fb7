package frontend

import (
	"testing"

	"github.com/a-h/templ"

	"consentry/app"
	"consentry/app/activity"
	"consentry/storage"
	"consentry/xs2a/record"
)

// takeScreens are the views with the data that is hardest on them.
func takeScreens() map[string]templ.Component {
	plain := exampleExchange(40, "getServerMetadata", "GET", "https://b.example/.well-known/openid-configuration", 200)
	plain.Request.Header = nil
	signed := exampleExchange(41, hostile, "POST", "https://b.example/token?hint="+record.Redacted, 200)
	signed.Request.Header = append(signed.Request.Header, record.HeaderField{Name: "Signature", Value: `keyId="1",signature="` + record.Redacted + `"`})
	signed.Request.Body = `{"psuData":{"password":"` + record.Redacted + `"}}`
	return map[string]templ.Component{
		"take": takeScreen(takeView{
			Asked: takeAsked{Flow: "c1", Words: hostile, Class: storage.Refused}, Missing: []string{"password"},
			Taking: activity.TakingOf([]record.Exchange{plain.Exchange, signed.Exchange}, true),
		}),
		"take-presented": takeScreen(takeView{Asked: takeAsked{Exchange: 41}, Taking: activity.TakingOf([]record.Exchange{signed.Exchange}, false), Presenting: app.Presenting{On: true}}),
		"take-hidden":    takeScreen(takeView{Asked: takeAsked{Exchange: 40}, Taking: activity.TakingOf([]record.Exchange{plain.Exchange}, false), Presenting: app.Presenting{On: true, HideAmounts: true}}),
		"take-plain":     takeScreen(takeView{Asked: takeAsked{Exchange: 40}, Taking: activity.TakingOf([]record.Exchange{plain.Exchange}, false)}),
		"take-typed":     takeScreen(takeView{Asked: takeAsked{Flow: noFlow}, Taking: activity.TakingOf([]record.Exchange{signed.Exchange}, false), Missing: []string{"hint", "token", "password"}}),
	}
}

func TestTakeScreens(t *testing.T) { golden(t, takeScreens()) }
