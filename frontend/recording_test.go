package frontend

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"consentry/app/activity"
	"consentry/app/failure"
	"consentry/app/recording"
	"consentry/storage"
	"consentry/xs2a/playback"
	"consentry/xs2a/record"
)

// recordingScreens are the views with the data that is hardest on them.
func recordingScreens() map[string]templ.Component {
	one := storage.Recording{ID: "recording-1", FileName: hostile + longName + ".har", Format: "har", Exchanges: 1240, Flows: 3, Played: true,
		LeftOut: map[string]int{"unreadable": 1, "notHTTP": 2, "pageFile": 3, "tooMany": 4, "tooLong": 1, "elsewhere": 2}}
	other := storage.Recording{ID: "recording-2", FileName: "collection.json", Format: "postman", Exchanges: 1, Flows: 1}
	lines := []flowLine{
		{Flow: activity.Flow{Recording: &one, Host: "api.b.example", ExchangeFlow: storage.ExchangeFlow{ID: "recording-1.1", Count: 12, Failed: 2, Latest: daysAgo(3)}}},
		{Flow: activity.Flow{Recording: &one, Host: hostile, ExchangeFlow: storage.ExchangeFlow{ID: "recording-1.2", Count: 1}}},
	}
	playing := &recording.Playing{
		Banks: []recording.Bank{{EnvironmentID: "replay-recording-1", ID: "recordedA", Name: "api.b.example"}}, Moved: 100,
		Addresses: map[string]string{"https://api.b.example": "http://127.0.0.1:40001", "https://auth.b.example": "http://127.0.0.1:40002"},
		Asked:     []playback.Unrecorded{{Method: "GET", Path: "/v1/" + hostile, Count: 3, Latest: daysAgo(0)}, {Method: "GET", Path: "/v1/accounts", Count: 1, Latest: daysAgo(0), Part: true}},
	}
	a := exampleExchange(40, "getAccountList", "GET", "https://b.example/v1/accounts?withBalance=true", 200)
	b := exampleExchange(-7, "getAccountList", "GET", "https://b.example/v1/accounts?x="+hostile, 429)
	a.Answer.Body, b.Answer.Body = `{"accounts":[{"resourceId":"r1","name":"`+georgian+`"}]}`, `{"tppMessages":[{"category":"ERROR","code":"ACCESS_EXCEEDED"}]}`
	b.Answer.Header = []record.HeaderField{{Name: "Retry-After", Value: "3600"}}
	own := flowLine{Flow: activity.Flow{Host: "b.example", ExchangeFlow: storage.ExchangeFlow{ID: "own", Count: 2, Latest: daysAgo(1)}}}
	return map[string]templ.Component{
		"recordings":         recordingsScreen(recordingsView{All: []storage.Recording{one, other}}),
		"recordings-refused": recordingsScreen(recordingsView{Failure: failure.Field("file", failure.NotARecording)}),
		"recording":          recordingScreen(recordingView{Recording: other, Lines: lines}),
		"recording-playing":  recordingScreen(recordingView{Recording: one, Lines: lines, Playing: playing, Failure: failure.New(failure.NothingToPlay)}),
		"comparison":         comparisonScreen(comparisonView{A: a, B: b, Parts: comparedParts(record.Compare(a.Exchange, b.Exchange))}),
		"comparison-choice":  chooseExchangeScreen(comparisonView{A: a, Alike: []storage.Exchange{b}}),
		"comparison-flows":   flowComparisonScreen(flowComparisonView{A: own, B: lines[0], More: true, Steps: comparedSteps([]storage.Exchange{a, a}, []storage.Exchange{b})}),
		"comparison-flow":    chooseFlowScreen(flowComparisonView{A: own, Choice: lines}),
	}
}

func TestRecordingScreens(t *testing.T) { golden(t, recordingScreens()) }

// broughtHAR is a flow that failed, with tokens in the clear.
const broughtHAR = `{"log":{"entries":[
{"startedDateTime":"2026-03-01T10:00:00Z","request":{"method":"POST","url":"https://api.bank.example/v1/consents","headers":[{"name":"Authorization","value":"Bearer tok-abcdefgh-12345"}],"postData":{"mimeType":"application/json","text":"{}"}},
 "response":{"status":201,"headers":[{"name":"Content-Type","value":"application/json"}],"content":{"text":"{\"consentId\":\"c1\",\"consentStatus\":\"received\"}"}}},
{"startedDateTime":"2026-03-01T10:00:01Z","request":{"method":"GET","url":"https://api.bank.example/v1/consents/c1/status","headers":[]},
 "response":{"status":403,"headers":[],"content":{"mimeType":"application/json","text":"{\"tppMessages\":[{\"category\":\"ERROR\",\"code\":\"SERVICE_BLOCKED\"}]}"}}}
]}}`

// TestARecordingIsBroughtAndPlayed takes a file through the screens: it is shown without its
// secrets, compared, played and removed.
func TestARecordingIsBroughtAndPlayed(t *testing.T) {
	d := newDesk(t)
	if status, shown := d.upload(recordingsPath+filesSuffix, "no recording"); status != http.StatusUnprocessableEntity || !strings.Contains(shown, "no recording that can be read") {
		t.Errorf("%d %s", status, shown)
	}
	answer := d.send(recordingsPath+filesSuffix, broughtHAR)
	page := answer.Header().Get("Location")
	if answer.Code != http.StatusSeeOther || !strings.HasPrefix(page, recordingsPath+"/recording-") {
		t.Fatalf("%d %s", answer.Code, answer.Body)
	}
	shown := d.get(page)
	flow := regexp.MustCompile(`/activity/flows/recording-[^"]+`).FindString(shown)
	exchanges := regexp.MustCompile(`/activity/exchanges/-\d+`).FindAllString(d.get(flow), -1)
	if len(exchanges) != 2 {
		t.Fatalf("the flow %s shows %v", flow, exchanges)
	}
	for _, address := range append(exchanges, page, flow, "/activity") {
		if strings.Contains(d.get(address), "tok-abcdefgh-12345") {
			t.Errorf("%s shows a token", address)
		}
	}
	if strings.Contains(d.get("/activity"), "api.bank.example") {
		t.Error("a recording stands among what was exchanged here")
	}
	first, second := exchanges[0][strings.LastIndexByte(exchanges[0], '/')+1:], exchanges[1][strings.LastIndexByte(exchanges[1], '/')+1:]
	if beside := d.get(comparisonPath + "?a=" + second + "&b=" + first); !strings.Contains(beside, "SERVICE_BLOCKED") || !strings.Contains(beside, "only in the second") {
		t.Errorf("side by side: %s", beside)
	}
	if steps := d.get(flowsPath(flow[strings.LastIndexByte(flow, '/')+1:], flow[strings.LastIndexByte(flow, '/')+1:])); strings.Count(steps, ">the same<") != 2 {
		t.Errorf("a flow beside itself: %s", steps)
	}
	for _, step := range []struct{ do, want string }{{"/play", "Begin from the start"}, {"/restart", "Begin from the start"}, {"/stop", "Make a bank of this recording"}} {
		if answer := d.send(page+step.do, ""); answer.Code != http.StatusSeeOther {
			t.Errorf("%s: %d %s", step.do, answer.Code, answer.Body)
		}
		if shown := d.get(page); !strings.Contains(shown, step.want) {
			t.Errorf("after %s: %s", step.do, shown)
		}
		if link := regexp.MustCompile(`/banks/replay-[^"]+`).FindString(d.get(page)); step.do == "/play" && !strings.Contains(d.get(link), "api.bank.example") {
			t.Errorf("there is no bank at %q", link)
		}
	}
	if all, err := d.app.Banks().Environments(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("an environment nothing hangs on stays: %+v, %v", all, err)
	}
	if answer := d.send(page+"/remove", ""); answer.Code != http.StatusSeeOther {
		t.Errorf("%d %s", answer.Code, answer.Body)
	}
	if shown := d.get(recordingsPath); strings.Contains(shown, "Brought in") {
		t.Errorf("it stays: %s", shown)
	}
}

// send posts a form with a file, where there is one.
func (d *desk) send(address, file string) *httptest.ResponseRecorder {
	d.Helper()
	fields := map[string]string{"shown": "-"}
	if file == "" {
		return d.post(address, fields, "", nil)
	}
	return d.post(address, fields, "file", []byte(file))
}
