package e2e

import (
	"os"
	"path/filepath"
	"testing"
)

// oldTable is what a bank for people lets them save: from before its interface goes back to.
const oldTable = "Kontoauszug;;\nBuchungstag;Valuta;Empfänger;Verwendungszweck;Betrag\n" +
	"14.03.2019;14.03.2019;Kiezbäckerei Morgenrot;Brötchen;-4,20\n15.03.2019;15.03.2019;Vermieterin;Miete März;-1.045,00\n31.02.2019;;Niemand;;-1,00\n"

// oldStatement is a statement of the same days, in other words.
const oldStatement = ":20:A\n:25:0\n:60F:C190228SEK1,\n:61:1903140314D4,2NMSCNONREF\n:86:Kiezbäckerei Morgenrot Brötchen\n:61:1903200320C10,NMSCNONREF\n:86:Erstattung\n:62F:C190331SEK2,\n"

// savedFile is a file on the person's disk.
func savedFile(t *testing.T, name, content string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// choosesFile chooses a file of transactions, and looks at what it would bring.
func (p *person) choosesFile(t *testing.T, name, content string) {
	p.t.Helper()
	p.title("Transactions from files")
	p.uploads(savedFile(t, name, content))
	p.click("Look at it")
	p.title("Add from a file")
}

// Years before the bank's interface come from a table and a statement of the same days: what both
// have is there once, the bank's fetch leaves it alone, and undo takes away what nothing else has.
func TestJourneyTransactionsFromFiles(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t)
	astrid := opens(consentry)
	astrid.visit("/banks")
	astrid.see("Sweden")
	given := astrid.shares(consentry, norrsken, "astrid")
	astrid.visit("/accounts/1")
	astrid.click("Add from a file")
	astrid.choosesFile(t, "2019.csv", oldTable)
	astrid.see("2 booked transactions: 2 new, 0 already there.")
	astrid.see("Line 5")
	astrid.click("Add 2 transactions")
	astrid.see("2 transactions were added.")

	astrid.visit("/accounts/1/files")
	astrid.choosesFile(t, "2019.sta", oldStatement)
	astrid.see("2 booked transactions: 1 new, 1 already there.")
	astrid.click("Add 1 transaction")
	astrid.see("Say whether 0 is this account.")
	astrid.click("It is Lönekonto")
	astrid.click("Add 1 transaction")
	astrid.see("1 transaction was added.")

	astrid.visit("/accounts/1")
	astrid.fetchesAgain(given)
	astrid.visit("/transactions?q=2019")
	astrid.see("Vermieterin")
	astrid.see("Erstattung")
	astrid.click("Vermieterin")
	astrid.see("From the file")
	astrid.click("2019.csv")
	astrid.click("Undo")
	astrid.title("Transactions from files")
	astrid.see("1 transaction was removed.")
	astrid.see("2019.csv is undone.")
	astrid.seeNot("Being undone")
	astrid.visit("/transactions?q=2019")
	astrid.see("Kiezbäckerei Morgenrot")
	astrid.seeNot("Vermieterin")

	astrid.visit("/accounts/1/files")
	astrid.choosesFile(t, "2019.sta", oldStatement)
	astrid.see("You read this file in on")
	astrid.see("No transaction in it is new.")
}

// ownTable is what Consentry saved, with notes and tags.
const ownTable = "Account,Bank,Status,Booking date,Value date,Amount,Currency,Creditor,Creditor account,Debtor,Debtor account,Text,Additional,Bank code," +
	"Transaction id,Entry reference,End-to-end id,No longer listed since,Note,Tags\r\n" +
	",Bank,Booked,2018-03-14,,-4.20,SEK,Hutmacherin,,,,,,,,,,,for the wedding,party\r\n,Bank,Booked,2018-03-15,,-9.00,SEK,Schuhmacher,,,,,,,,,,,also for it,party\r\n"

// Notes and tags come back with the table in which they were taken out. Undoing it takes them out again, but for a note
// that was written anew, of which the account says what it was.
func TestJourneyNotesFromAFile(t *testing.T) {
	journey(t)
	t.Parallel()
	consentry := start(t)
	astrid := opens(consentry)
	astrid.visit("/banks")
	astrid.see("Sweden")
	astrid.shares(consentry, norrsken, "astrid")
	astrid.visit("/accounts/1/files")
	astrid.choosesFile(t, "mine.csv", ownTable)
	astrid.see("2 notes and 2 tags")
	astrid.click("Add 2 transactions")
	astrid.see("2 transactions were added.")
	astrid.visit("/transactions?q=wedding")
	astrid.click("Hutmacherin")
	astrid.fill("Note", "for Nino's wedding")
	astrid.fill("Other tags", "bride")
	astrid.click("Save note")
	astrid.see("#bride")
	astrid.visit("/accounts/1/files")
	astrid.click("mine.csv")
	astrid.click("Undo")
	astrid.title("Transactions from files")
	astrid.see("2 transactions were removed.")
	astrid.see("Notes and tags that went with it: 1 note and 1 tag.")
	astrid.visit("/accounts/1")
	astrid.see("Notes on transactions that are gone")
	astrid.see("From the file mine.csv")
	astrid.see("for Nino's wedding")
	astrid.seeNot("also for it")
}

// tourOfTransactions goes from a file of transactions to one of them.
func tourOfTransactions(t *testing.T, look look) {
	c := start(t)
	astrid := opens(c)
	astrid.visit("/banks")
	astrid.see("Sweden")
	astrid.shares(c, norrsken, "astrid")
	astrid.visit("/accounts/1/files")
	astrid.title("Transactions from files")
	look(astrid, "files-empty")
	astrid.choosesFile(t, "2019.csv", oldTable)
	astrid.see("What the columns mean")
	look(astrid, "file")
	astrid.click("Add 2 transactions")
	astrid.see("2 transactions were added.")
	look(astrid, "imported")
	astrid.visit("/accounts/1/files")
	astrid.see("2019.csv")
	look(astrid, "files")
	astrid.visit("/transactions?q=vermieterin")
	astrid.click("Vermieterin")
	astrid.see("From the file")
	look(astrid, "transaction-from-a-file")
}
