package e2e

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/chromedp"

	"consentry/storage"
)

// A list of banks is read from a file. It leads to a host nobody has named: that is
// confirmed before anything is stored or asked, and then the bank is linked.
func TestJourneyBanksFromAFile(t *testing.T) {
	journey(t)
	t.Parallel()
	banks := startBanks(t)
	consentry := start(t, "-sandbox=false")
	p := opens(consentry)
	p.addsNobody(banks)

	p.click("Only mine")
	p.click("Read them from a file")
	p.title("Banks from a file")
	p.uploads(banks.file())
	p.click("Look at it")
	p.see("1 new")
	p.click("Take the banks over")
	p.see("1 bank was not taken over: a host of theirs is not confirmed.")
	same(t, "banks", len(consentry.ownBanks()), 0)
	p.click("127.0.0.1:" + banks.port)
	p.click("Take the banks over")
	p.title("Only mine")
	p.see("Rheintor Bank")
	same(t, "banks", len(consentry.ownBanks()), 1)
	p.links("Rheintor Bank", "Astrid Lindqvist")
}

// tourOfAFile goes from a file of banks to how one of them is spoken to.
func tourOfAFile(t *testing.T, look look) {
	banks := startBanks(t)
	p := opens(start(t, "-sandbox=false"))
	p.addsNobody(banks)
	p.click("Only mine")
	p.click("Read them from a file")
	p.title("Banks from a file")
	look(p, "banks-file")
	p.uploads(banks.file())
	p.click("Look at it")
	p.see("1 new")
	look(p, "banks-file-looked")
	p.click("127.0.0.1:" + banks.port)
	p.click("Take the banks over")
	p.title("Only mine")
	look(p, "environment-banks")
	p.click("Rheintor Bank")
	p.title("Rheintor Bank")
	look(p, "bank-profile")
	p.click("Only mine")
	p.click("Remove the environment")
	p.title("Remove the environment?")
	look(p, "environment-removal")
}

// addsNobody adds an environment whose directory nobody answers for.
func (p *person) addsNobody(banks *practiceBanks) {
	p.t.Helper()
	p.visit("/environments/new")
	p.title("Add an environment")
	p.fill("Name", "Only mine")
	p.fill("Interface of the banks", "http://127.0.0.1:9")
	p.fill("Authorisation server", "http://127.0.0.1:9")
	p.fill("Client id", banks.Info.ClientID)
	p.fill("Client secret", banks.Info.ClientSecret)
	p.click("Save")
	p.title("Settings")
}

// ownBanks are those the one environment names itself.
func (c *program) ownBanks() []storage.Bank {
	c.t.Helper()
	return reading(c, func(ctx context.Context, s *storage.Store) ([]storage.Bank, error) {
		all, err := s.Environments(ctx)
		if err != nil || len(all) != 1 {
			return nil, errors.Join(err, fmt.Errorf("%d environments", len(all)))
		}
		return all[0].Banks, nil
	})
}

// uploads chooses a file for the field of that name.
func (p *person) uploads(file string) {
	p.t.Helper()
	p.until("choose a file", func() error {
		field, err := p.object("document.querySelector('input[type=file]')")
		if err != nil {
			return err
		}
		_, err = chromedp.Call(p.tab, dom.SetFileInputFiles, dom.SetFileInputFilesParams{Files: []string{file}, ObjectID: field})
		return err
	})
}

// file is a list with one of the practice banks, which takes requests that are not
// signed.
func (b *practiceBanks) file() string {
	b.t.Helper()
	list := "id,name,country,city,dialect,api,prefix,signing\n" +
		"rheintor,Rheintor Bank,DE,Berlin; Hamburg,berlingroup," + b.base() + "," + b.Info.Prefixes["berlingroup"] + ",none\n"
	name := filepath.Join(b.t.TempDir(), "banks.csv")
	if err := os.WriteFile(name, []byte(list), 0o600); err != nil {
		b.t.Fatal(err)
	}
	return name
}
