package postman

import (
	"strconv"
	"strings"

	"consentry/xs2a/record/script"
)

// tests look whether an answer is as it was recorded, and take from it what later
// requests use.
func tests(s *script.Step) []string {
	status := strconv.Itoa(s.Recorded.Status)
	lines := []string{`pm.test("answers with ` + status + `, as recorded", () => pm.response.to.have.status(` + status + `));`}
	if len(s.Takes) == 0 {
		return lines
	}
	lines = append(lines, reading...)
	for _, v := range s.Takes {
		lines = append(lines, "take("+text(v.Name)+", () => "+expression(v.From)+");")
	}
	return lines
}

// reading are the functions by which what is taken is found.
var reading = []string{
	`const at = (...path) => path.reduce((value, member) => value[member], pm.response.json());`,
	`const segment = (link, n) => link.split(/[?#]/)[0].split("/").slice(-n)[0];`,
	`const parameter = (link, name) => link.split("#")[0].split("?")[1].split("&").find((pair) => pair.startsWith(name + "=")).slice(name.length + 1);`,
	`const take = (name, read) => pm.test("gives " + name, () => {`,
	`  const value = read();`,
	`  pm.expect(value).to.be.ok;`,
	`  pm.collectionVariables.set(name, String(value));`,
	`});`,
}

// expression finds a value in an answer.
func expression(from script.Source) string {
	found := "pm.response.headers.get(" + text(from.Header) + ")"
	if from.Header == "" {
		members := make([]string, len(from.Path))
		for i, member := range from.Path {
			if members[i] = text(member); strings.HasPrefix(member, "\x00") {
				place, _ := script.Place(member)
				members[i] = strconv.Itoa(place)
			}
		}
		found = "at(" + strings.Join(members, ", ") + ")"
	}
	switch {
	case from.Segment > 0:
		return "segment(" + found + ", " + strconv.Itoa(from.Segment) + ")"
	case from.Query != "":
		return "parameter(" + found + ", " + text(from.Query) + ")"
	}
	return found
}

// days set the variables of days before each request.
func days(s script.Script) []Event {
	list := s.Of(script.Day)
	if len(list) == 0 {
		return nil
	}
	lines := []string{`const day = (n) => new Date(Date.now() + n * 86400000).toISOString().slice(0, 10);`}
	for _, v := range list {
		lines = append(lines, "pm.collectionVariables.set("+text(v.Name)+", day("+strconv.Itoa(v.Days)+"));")
	}
	return []Event{{Listen: "prerequest", Script: Script{Type: "text/javascript", Exec: lines}}}
}

// approval is a request to the control of practice banks that approves, on the person's
// other device, what an answer began.
func (w writer) approval(s *script.Step) (Item, bool) {
	id := s.Approval()
	if id == nil || !w.Control {
		return Item{}, false
	}
	to := parts("{{base}}" + script.ApprovalPath(named(id)))
	return Item{
		Name:    script.ApprovalName,
		Request: &Request{Method: "POST", Header: []Field{}, URL: to, Description: "Consentry did not send this: it goes to the control of the practice banks, and stands for the person's approval."},
		Event:   []Event{{Listen: "test", Script: Script{Type: "text/javascript", Exec: []string{`pm.test("is approved", () => pm.response.to.have.status(200));`}}}},
	}, true
}
