package e2e

import (
	"context"
	"regexp"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// TestJourneyPaymentReceipt pays from a linked account: the payment leads to what was booked
// of it and back, and its receipt is one page of paper.
func TestJourneyPaymentReceipt(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t)
	lukas := opens(consentry)
	lukas.fillsPayment("Rheintor Bank", consentry.accountAt("RHTRDEB0", "lukas"), "Ausgedachte GmbH", "DE89 3704 0044 0532 0130 00", "12,50")
	payment := lukas.bar().Path
	lukas.click("Send to Rheintor Bank")
	lukas.see("Approve at Rheintor Bank")
	bank := lukas.clickNewTab("Go to Rheintor Bank")
	bank.logsIn("Lukas Brandhorst")
	bank.approves()
	lukas.see("The payment is approved.")
	consentry.controls("clock", `{"advance":"10s"}`)
	lukas.click("See the payment")
	lukas.see("Carried out: it has left your account (ACSC)")
	lukas.see("is not linked here")

	lukas.asks("Rheintor Bank")
	bank = lukas.goesTo("Rheintor Bank")
	bank.logsIn("Lukas Brandhorst")
	bank.approves()
	lukas.see("Rheintor Bank is linked.")
	lukas.visit(sessionIn.ReplaceAllString(payment, ""))
	lukas.see("Booked on")
	booked, err := ask[string](lukas, `document.querySelector('#booked a').textContent`)
	if err != nil {
		t.Fatal(err)
	}
	lukas.click(booked)
	lukas.see("You paid this with Consentry.")
	lukas.click("Ausgedachte GmbH")
	lukas.see("What is paid")

	lukas.click("Receipt")
	lukas.title("Receipt")
	lukas.see("Rheintor Bank says that this payment was carried out.")
	lukas.see("Booked on")
	if pages := lukas.printed(); pages != 1 {
		t.Errorf("the receipt is %d pages", pages)
	}
}

// pdfPage begins a page of a PDF document (ISO 32000-1 section 7.7.3.3).
var pdfPage = regexp.MustCompile(`/Type\s*/Page\b`)

// printed prints the page on A4, which is measured in inches, and counts the sheets.
func (p *person) printed() int {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.tab, patience)
	defer cancel()
	paper, err := chromedp.Call(ctx, page.PrintToPDF, page.PrintToPDFParams{PaperWidth: 8.27, PaperHeight: 11.69})
	if err != nil {
		p.fail("print the page", err)
	}
	return len(pdfPage.FindAll(paper.Data, -1))
}
