package frontend

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"consentry/app"
	"consentry/app/activity"
	"consentry/app/bank"
	"consentry/app/fresh"
	"consentry/app/verdict"
	"consentry/frontend/ui"
	"consentry/storage"
	"consentry/xs2a/conformance"
	"consentry/xs2a/record"
)

func exampleExchange(id int64, step, method, url string, status int) storage.Exchange {
	return storage.Exchange{ID: id, Exchange: record.Exchange{
		FlowID: "c1", Step: step, Attended: true, Started: now.Add(-time.Minute), Took: 23 * time.Millisecond, Method: method, URL: url, Status: status,
		Request: record.Message{Header: []record.HeaderField{{Name: "Authorization", Value: "Bearer " + record.Redacted}, {Name: "X-Request-Id", Value: "77f0-1"}}},
		Answer:  record.Message{Header: []record.HeaderField{{Name: "Content-Type", Value: "application/json"}}, Body: `{"accounts":[]}`},
	}}
}

// activityScreens are the views with the data that is hardest on them.
func activityScreens() map[string]templ.Component {
	live, _, _, _ := exampleConsents()
	working := flowLine{
		Flow:  activity.Flow{Consent: &live, Live: true, ExchangeFlow: storage.ExchangeFlow{ID: "c1", Count: 12, Failed: 1, LatestID: 40, Latest: now.Add(-time.Second)}},
		State: consentState{Tone: ui.Good, Word: wording{Label: "Active"}, Live: true},
	}
	erased := live
	erased.ID, erased.EndedAt, erased.ErasedAt = "c3", daysAgo(3), daysAgo(2)
	flows := []flowLine{
		working,
		{Flow: activity.Flow{ExchangeFlow: storage.ExchangeFlow{ID: bank.DirectoryFlow, Count: 300, LatestID: 28, Latest: daysAgo(1)}}},
		{Flow: activity.Flow{Host: hostile, ExchangeFlow: storage.ExchangeFlow{ID: hostile, Count: 1, Failed: 1, LatestID: 3, Latest: daysAgo(20)}}},
	}
	good := exampleExchange(40, "List the accounts", "GET", "https://b.example/psd2/accountinformation/v1/accounts?withBalance=true", 200)
	wrong := exampleExchange(39, hostile, "POST", "https://b.example/"+hostile, 429)
	wrong.Request.Proxy = "relay.example:3128"
	wrong.Request.Body, wrong.Request.Cut = hostile, true
	wrong.Request.Size, wrong.Request.Left = 2_400_000, 2_334_464
	wrong.Answer = record.Message{Header: []record.HeaderField{{Name: hostile, Value: hostile}}, Body: `{"text":"` + `<img src=x onerror=alert(2)>` + `","code":"ACCESS_EXCEEDED"}`}
	none := exampleExchange(38, "Read transactions of Lönekonto", "GET", "https://b.example/v1/accounts/3/transactions", 0)
	none.Error = "dial tcp: " + hostile
	picture := exampleExchange(37, "Fetch a bank’s logo", "GET", "https://b.example/logo.png", 200)
	picture.Answer.Binary, picture.Answer.Body, picture.Attended = true, "", false
	light := exampleExchange(36, "Read transactions of Lönekonto", "GET", "https://b.example/v1/accounts/3/transactions", 200)
	light.Request = record.Message{Header: light.Request.Header[1:], HeaderLetGo: true}
	light.Answer = record.Message{HeaderLetGo: true, BodyLetGo: true, Size: 2_400_000}
	all := []storage.Exchange{good, wrong, none, picture}
	view := func(e storage.Exchange) templ.Component {
		return exchangeScreen(exchangeView{Exchange: e, Operation: record.OperationOf(e.Method, e.URL, e.Request.Body)})
	}
	judged := map[int64]verdict.Mark{39: {Outcome: conformance.Departs, Departures: 2}, 40: {Outcome: conformance.Kept}}
	return map[string]templ.Component{
		"activity":         activityScreen(activityView{Flows: flows, Lost: 2}),
		"activity-empty":   activityScreen(activityView{}),
		"activity-found":   activityScreen(activityView{Words: hostile, Class: storage.Refused, Exchanges: all, Marks: judged}),
		"activity-nothing": foundActivity(activityView{Words: hostile}),
		"flow":             flowScreen(flowView{flowLine: working, Exchanges: all, Reports: true}),
		"flow-erased":      flowScreen(flowView{flowLine: flowLine{Flow: activity.Flow{Consent: &erased, ExchangeFlow: storage.ExchangeFlow{ID: "c3"}}}}),
		"flow-empty":       flowScreen(flowView{flowLine: flows[2], Class: storage.Broken}),
		"exchange":         view(good),
		"exchange-refused": view(wrong),
		"exchange-none":    view(none),
		"exchange-picture": view(picture),
		"exchange-let-go":  view(light),
		"behind":           behindConsent("c1", 12),
	}
}

func TestActivityScreens(t *testing.T) { golden(t, activityScreens()) }

// TestBodySaysWhatIsNotKept puts into words what is not kept of a body.
func TestBodySaysWhatIsNotKept(t *testing.T) {
	kept := strings.Repeat("x", 64<<10)
	for name, test := range map[string]struct {
		message record.Message
		want    string
	}{
		"all of it":         {record.Message{Body: kept, Size: 64 << 10}, ""},
		"nothing":           {record.Message{}, "No body."},
		"cut":               {record.Message{Body: kept, Cut: true, Size: 2_400_000, Left: 2_334_464}, "Body cut: the first 64 KB of 2.3 MB are kept, 2,334,464 bytes were left out."},
		"cut by one":        {record.Message{Body: kept, Cut: true, Size: 65_537, Left: 1}, "Body cut: the first 64 KB of 64 KB are kept, 1 byte was left out."},
		"cut, not counted":  {record.Message{Body: kept, Cut: true}, "Body cut: the first 64 KB are kept. How much was left out is not known."},
		"cut, came packed":  {record.Message{Body: kept, Cut: true, Size: 70_000}, "Body cut: the first 64 KB are kept of 68 KB as it came, packed. How much was left out is not known."},
		"let go":            {record.Message{BodyLetGo: true, Cut: true, Left: 7, Size: 2_400_000}, "Body let go to make room. It had 2.3 MB."},
		"let go, small":     {record.Message{BodyLetGo: true, Size: 23}, "Body let go to make room. It had 23 bytes."},
		"let go, a secret":  {record.Message{BodyLetGo: true, SizeUntold: true}, "Body let go to make room. Its size is not told: it would tell how long a secret in it is."},
		"let go, uncounted": {record.Message{BodyLetGo: true}, "Body let go to make room."},
		"picture":           {record.Message{Binary: true, Size: 5000}, "The body is no text and is not kept. It had 5 KB."},
	} {
		t.Run(name, func(t *testing.T) {
			if got := bodyWords(t.Context(), test.message); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// TestPrettyBody sets out each kind of body, and leaves alone what is none.
func TestPrettyBody(t *testing.T) {
	form := []record.HeaderField{{Name: "Content-Type", Value: "application/x-www-form-urlencoded; charset=utf-8"}}
	for name, test := range map[string]struct {
		message record.Message
		want    string
	}{
		"JSON":        {record.Message{Body: `{"a":{"b":1}}`}, "{\n  \"a\": {\n    \"b\": 1\n  }\n}"},
		"broken JSON": {record.Message{Body: `{"a":`}, `{"a":`},
		"form":        {record.Message{Header: form, Body: "scope=a+b&client_secret=" + record.Redacted + "&x=%zz&y"}, "scope = a b\nclient_secret = " + record.Redacted + "\nx = %zz\ny = "},
		"XML":         {record.Message{Body: `<?xml version="1.0"?><Doc x="1"><Id>7</Id><Sub><E/><V> 1 </V></Sub></Doc>`}, "<?xml version=\"1.0\"?>\n<Doc x=\"1\">\n  <Id>7</Id>\n  <Sub>\n    <E/>\n    <V> 1 </V>\n  </Sub>\n</Doc>"},
		"cut XML":     {record.Message{Body: `<Doc><Id>7</Id><Su`}, "<Doc>\n  <Id>7</Id><Su"},
		"not closed":  {record.Message{Body: `</a></b>text`}, "</a>\n</b>text"},
		"text":        {record.Message{Body: "nothing\n  special"}, "nothing\n  special"},
		"nothing":     {record.Message{}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := prettyBody(test.message); got != test.want {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
}

// TestActivityFollows asks as a page does that shows a flow under way: only
// what is new is sent, one page at most, and the page stops asking when the flow
// has ended.
func TestActivityFollows(t *testing.T) {
	t.Parallel()
	clock := time.Now()
	store := fresh.Store(t, time.Now)
	program := app.New(app.Config{Store: store, Now: func() time.Time { return clock }})
	defer program.Close()
	s := &Server{app: program, log: slog.New(slog.DiscardHandler)}
	mux := http.NewServeMux()
	mux.Handle("GET /activity", s.adapt(s.activity))
	mux.Handle("GET /activity/flows/{flow}", s.adapt(s.flowActivity))
	mux.Handle("GET /activity/requests/{request}", s.adapt(s.requestActivity))
	ask := func(address string) *httptest.ResponseRecorder {
		r, w := httptest.NewRequest(http.MethodGet, address, nil), httptest.NewRecorder()
		r.Header.Set("HX-Request", "true")
		mux.ServeHTTP(w, r)
		return w
	}
	add := func(step string) {
		e := exampleExchange(0, step, "GET", "https://b.example/v1/accounts", 200).Exchange
		e.FlowID, e.Started = bank.DirectoryFlow, clock
		if err := store.AddExchange(t.Context(), e); err != nil {
			t.Fatal(err)
		}
	}
	const flow = "/activity/flows/" + bank.DirectoryFlow
	add("one")
	for _, address := range []string{flow + "?since=1", "/activity?since=1"} {
		if w := ask(address); w.Code != http.StatusNoContent {
			t.Errorf("%s: %d although nothing is new", address, w.Code)
		}
	}
	add("two")
	got := ask(flow + "?since=1").Body.String()
	if !strings.Contains(got, ">two<") || !strings.Contains(got, ">one<") || !strings.Contains(got, "since=2") || strings.Contains(got, "<html") {
		t.Errorf("after a new exchange: %s", got)
	}
	clock = clock.Add(time.Minute)
	if got := ask(flow + "?since=2").Body.String(); !strings.Contains(got, ">two<") || strings.Contains(got, "hx-get") {
		t.Errorf("after the end: %s", got)
	}
	if w := ask("/activity/flows/nobody"); w.Code != http.StatusNotFound {
		t.Errorf("a flow that is none: %d", w.Code)
	}
	for request, want := range map[string]string{"77f0-1": "/activity/exchanges/2", "none": "/activity"} {
		if got := ask("/activity/requests/" + request).Header().Get("HX-Redirect"); got != want {
			t.Errorf("request %s leads to %q, want %q", request, got, want)
		}
	}
	for range exchangesAtOnce + 5 {
		add("more")
	}
	got = ask(flow + "?since=2").Body.String()
	if n := strings.Count(got, "/activity/exchanges/"); n != exchangesAtOnce || !strings.Contains(got, "before=8") || strings.Contains(got, ">two<") {
		t.Errorf("of a flow that grows %d exchanges are shown at once: %s", n, got)
	}
}
