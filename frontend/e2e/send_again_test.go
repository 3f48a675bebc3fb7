package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"consentry/xs2a/record"
)

// An exchange that a bank refuses is sent again with another header, and read beside the
// former one.
func TestJourneySendAgain(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t)
	astrid := opens(consentry)
	given := astrid.shares(consentry, vidda, "astrid")
	read := consentry.exchanges(http.MethodGet, "/transactions")[0]
	astrid.visit(fmt.Sprint("/activity/exchanges/", read.ID))
	astrid.click("Send again")
	astrid.title("Send again")
	usual := astrid.holds("Header")
	if !strings.Contains(usual, "Bearer "+record.Token) {
		t.Fatalf("the header is\n%s", usual)
	}
	var without []string
	for _, line := range strings.Split(usual, "\n") {
		if !strings.HasPrefix(line, "Authorization:") {
			without = append(without, line)
		}
	}
	astrid.fill("Header", strings.Join(without, "\n"))
	astrid.click("Show what is changed")
	astrid.see("Header of the request: Authorization")
	astrid.click("Send")
	astrid.title("Sent again")
	astrid.see("401 Unauthorized")
	astrid.see("Consentry did not act on this answer.")
	astrid.click("Send again")
	astrid.fill("Header", usual)
	astrid.click("Send")
	astrid.title("Sent again")
	astrid.see("200 OK")
	astrid.see("The former answer")
	astrid.click("Ask " + vidda.name + " how the consent stands")
	astrid.see("Active")
	astrid.visit("/activity/flows/" + given.id)
	astrid.see("Sent again")
}
