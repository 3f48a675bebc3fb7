package e2e

import (
	"bytes"
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"rsc.io/qr"

	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/sandbox/relay"
)

const (
	// farAway is where banks are that are not on this machine: a proxy leads the program there.
	farAway = "https://example.com"
	// nobody is what the program's address is on a phone: nobody answers there.
	nobody = "http://127.0.0.1:65534"
)

// TestJourneyOnThePhone goes on with approvals on a phone, which cannot open the return address:
// it is this computer's.
func TestJourneyOnThePhone(t *testing.T) {
	journey(t)
	t.Parallel()
	banks := startBanks(t)
	consentry := start(t, "-sandbox=false")
	p := opens(consentry)
	p.addsFarAway(banks)

	consentry.tells(p, explicitly, func(c *customer) {
		c.begins()
		phone, link := c.takesPhone(banks)
		c.inspect("device", 360, dark, onTelephones)
		c.inspect("device", 1280, light, everything)
		same(c.t, "gone to the bank", open(c.of.attempts(c.bank))[0].OpenedAt.IsZero(), false)
		c.see("this page continues automatically")
		phone.logsIn(c.who.name)
		phone.leave()
		phone.approves()
		c.linked() // by itself: the bank was asked
		if kept := c.of.exchanges(http.MethodGet, link); len(kept) > 0 {
			c.t.Error("the link is in the record")
		}
	})

	consentry.tells(p, approach{name: "denied on the phone", bank: byMetadata.bank}, func(c *customer) {
		c.begins()
		phone, _ := c.takesPhone(banks)
		phone.logsIn(c.who.name)
		phone.leave()
		phone.click("Deny")
		c.pastes(c.endsAt(phone, banks).String())
		c.see(saidNo.at(c.bank))
		c.ended(storage.Denied, xs2a.ConsentRejected)
	})

	consentry.tells(p, byMetadata, func(c *customer) {
		c.begins()
		phone, _ := c.takesPhone(banks)
		c.see("The bank’s answer stands in that address alone")
		phone.logsIn(c.who.name)
		phone.leave()
		phone.approves()
		ended := c.endsAt(phone, banks)
		for pasted, told := range map[string]string{
			"that page": "Paste the whole address",
			farAway + "/callback?code=1&state=" + ended.Query().Get("state"): "This is not the address the bank was told",
			altered(ended, "state", "another"):                               "This address belongs to another attempt.",
			altered(ended, "code", ""):                                       "The bank’s answer is missing in this address.",
			altered(ended, "code", strings.Repeat("a", 20_000)):              "characters at most; there are",
		} {
			c.pastes(pasted)
			c.see(told)
			c.title("Continue on a phone")
			same(c.t, "attempts that go on", len(open(c.of.attempts(c.bank))), 1)
		}
		c.of.hasNothingOf(c.bank)
		c.pastes(strings.TrimPrefix(ended.String(), "http://")) // as some browsers copy it
		c.linked()
	})
}

// TestJourneyNoPhoneReachesHere offers to show the page of a practice bank in the room and not to continue it on a phone, and
// says why: it is on this computer.
func TestJourneyNoPhoneReachesHere(t *testing.T) {
	journey(t)
	t.Parallel()
	p := opens(start(t))
	p.findsBank("Norrsken Bank")
	p.click("Link this bank")
	p.click("Continue to the bank")
	p.see("Show it on a real phone")
	if p.finds("Continue on a phone") {
		t.Error("a phone is led to this computer")
	}
	p.visit(p.bar().String() + "/device")
	p.see("A phone cannot reach this page.")
	p.inspect("device-here", 360, light, everything)
}

// takesPhone scans the code of the bank's page with a phone, which reaches the banks and not the
// program.
func (c *customer) takesPhone(banks *practiceBanks) (phone *person, link string) {
	c.t.Helper()
	c.see("Approve at " + c.bank)
	c.click("Continue on a phone")
	c.title("Continue on a phone")
	link, err := ask[string](c.person, "document.getElementById('device-link').textContent")
	if err != nil || !strings.HasPrefix(link, farAway) {
		c.fail("read the link", errors.Join(err, errors.New(link)))
	}
	c.scansCode("QR code of your bank's page", link)
	phone = somebody(c.t)
	server := httptest.NewServer(relayed(c.t, banks.base(), strings.NewReplacer(c.of.origin(), nobody)))
	c.t.Cleanup(server.Close)
	phone.visit(strings.Replace(link, farAway, server.URL, 1))
	return phone, link
}

// endsAt is the address on which the phone ended, as it is with banks that are far away.
func (c *customer) endsAt(phone *person, banks *practiceBanks) (ended *url.URL) {
	c.t.Helper()
	phone.until("end at the program's address", func() error {
		history, err := chromedp.Call(phone.tab, page.GetNavigationHistory, cdp.Empty{})
		if err != nil {
			return err
		}
		last := history.Entries[history.CurrentIndex].URL
		if !strings.HasPrefix(last, nobody+"/callback") {
			return errNotYet
		}
		ended, err = url.Parse(strings.NewReplacer(nobody, c.of.origin(), url.QueryEscape(banks.base()), url.QueryEscape(farAway)).Replace(last))
		return err
	})
	return ended
}

// altered is an address with another value in it; none where that is empty.
func altered(address *url.URL, name, value string) string {
	other, query := *address, address.Query()
	query.Set(name, value)
	if value == "" {
		query.Del(name)
	}
	other.RawQuery = query.Encode()
	return other.String()
}

// scansCode holds a camera to a QR code: it leads to an address.
func (p *person) scansCode(label, address string) {
	p.t.Helper()
	code, err := qr.Encode(address, qr.M)
	if err != nil {
		p.t.Fatal(err)
	}
	var want strings.Builder
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				want.WriteString(strconv.Itoa(x) + " " + strconv.Itoa(y) + ";")
			}
		}
	}
	var seen string
	p.until("see the code "+label, func() error {
		seen, err = ask[string](p, `(() => {
			const code = [...document.querySelectorAll('svg[role=img]')].find(each => each.ariaLabel === `+quoted(label)+` && each.getBoundingClientRect().width > 100);
			if (!code) return '';
			const dark = code.querySelector('path'), at = code.viewBox.baseVal, point = code.createSVGPoint();
			let squares = '';
			for (let y = 0; y < at.height + at.y * 2; y++) for (let x = 0; x < at.width + at.x * 2; x++) {
				point.x = x + 0.5; point.y = y + 0.5;
				if (dark.isPointInFill(point)) squares += x + ' ' + y + ';';
			}
			return squares;
		})()`)
		if err == nil && seen == "" {
			err = errors.New("there is none")
		}
		return err
	})
	if seen != want.String() {
		p.t.Errorf("the code %q is another than that of %s", label, address)
	}
}

// addsFarAway names the banks in the settings, at an address that is not this machine's.
func (p *person) addsFarAway(banks *practiceBanks) {
	p.t.Helper()
	renamed := strings.NewReplacer(banks.base(), farAway, url.QueryEscape(banks.base()), url.QueryEscape(farAway))
	server := httptest.NewTLSServer(relayed(p.t, banks.base(), renamed))
	p.t.Cleanup(server.Close)
	proxy, err := relay.Start("http", server.Listener.Addr().String(), "", "", nil)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(proxy.Close)
	p.beginsBerlinGroup()
	p.fill("Name", "Banks far away")
	p.fill("Interface of the banks", farAway)
	p.fill("Banks of this environment", "oststern; Oststern Bank; DE; Berlin\nelbufer; Elbufer Kreditbank; DE; Hamburg")
	p.unfolds("Credentials (OAuth)", "Client id")
	p.fill("Client id", banks.Info.ClientID)
	p.fill("Client secret", banks.Info.ClientSecret)
	p.unfolds("Certificate for signatures", "Certificate for signatures (PEM)")
	p.fill("Certificate for signatures (PEM)", banks.Info.TPPCertificate)
	p.fill("Private key for signatures (PEM)", banks.Info.TPPKey)
	p.unfolds("Further certificates of the bank", "Additional authority (PEM)")
	p.fill("Additional authority (PEM)", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})))
	p.unfolds("Proxy", "Proxy")
	p.fill("Proxy", proxy.Address)
	p.unfolds("Paths and habits of the banks", "Path of consents")
	for _, service := range []string{"consents", "accounts"} {
		p.fill("Path of "+service, banks.Info.Prefixes["berlingroup"])
	}
	p.click("Save")
	p.see("Banks far away")
}

// relayed answers as another server does, in which names are other ones.
func relayed(t *testing.T, server string, renamed *strings.Replacer) http.Handler {
	to, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to) },
		ModifyResponse: func(answer *http.Response) error {
			body, err := io.ReadAll(answer.Body)
			if err != nil {
				return err
			}
			said := []byte(renamed.Replace(string(body)))
			answer.Body, answer.ContentLength = io.NopCloser(bytes.NewReader(said)), int64(len(said))
			answer.Header.Set("Content-Length", strconv.Itoa(len(said)))
			for _, name := range []string{"Location", "Content-Security-Policy"} {
				if value := answer.Header.Get(name); value != "" {
					answer.Header.Set(name, renamed.Replace(value))
				}
			}
			return nil
		},
	}
}
