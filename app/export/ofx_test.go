package export_test

import (
	"bytes"
	"testing"

	"github.com/aclindsa/ofxgo"

	"consentry/app/export"
	"consentry/app/holding"
	"consentry/storage"
	"consentry/xs2a"
)

// TestOFX reads with another program's library what was written.
func TestOFX(t *testing.T) {
	b := example(t)
	b.must(b.store.PutBalances(t.Context(), "c", 3, []xs2a.Balance{{Type: "interimBooked", Amount: amount("-7.125", "KWD")}}))
	res, err := ofxgo.ParseResponse(bytes.NewReader(b.write("ofx", holding.Search{}, export.Options{})))
	if err != nil {
		t.Fatal(err)
	}
	if len(res.Bank) != 1 || len(res.CreditCard) != 1 { // of the yen and euros no booked balance is known
		t.Fatalf("%d accounts and %d cards", len(res.Bank), len(res.CreditCard))
	}
	got, ids := tallies{}, map[string]bool{}
	add := func(currency string, list *ofxgo.TransactionList) {
		for _, one := range list.Transactions {
			got.add(currency+one.DtPosted.Format("2006-01-02"), one.TrnAmt.FloatString(6))
			if ids[string(one.FiTID)] {
				t.Errorf("two transactions are called %s", one.FiTID)
			}
			ids[string(one.FiTID)] = true
			if ok, err := one.Valid(ofxgo.OfxVersion220); !ok {
				t.Errorf("%+v: %v", one, err)
			}
		}
	}
	bank := res.Bank[0].(*ofxgo.StatementResponse)
	add(bank.CurDef.String(), bank.BankTranList)
	if bank.BankAcctFrom.AcctID != "SE4550000000058398257466" || bank.BankAcctFrom.BankID != "HAMNSESS" || bank.BalAmt.FloatString(2) != "1000.00" || bank.DtAsOf.Format("2006-01-02") != "2026-11-28" {
		t.Errorf("the account is %+v, its balance %s of %s", bank.BankAcctFrom, bank.BalAmt.FloatString(2), bank.DtAsOf)
	}
	card := res.CreditCard[0].(*ofxgo.CCStatementResponse)
	add(card.CurDef.String(), card.BankTranList)
	if card.BalAmt.FloatString(3) != "-7.125" {
		t.Errorf("the card's balance is %s", card.BalAmt.FloatString(3))
	}
	var want []storage.Transaction
	for _, one := range b.statable() {
		if one.Amount.Currency == "SEK" || one.Amount.Currency == "KWD" {
			want = append(want, one)
		}
	}
	got.same(t, by(want, func(t storage.Transaction) string { return t.Amount.Currency + t.Date() }))
}

// TestOFXOfNothing is a file that can be read.
func TestOFXOfNothing(t *testing.T) {
	b := newBank(t)
	res, err := ofxgo.ParseResponse(bytes.NewReader(b.write("ofx", holding.Search{}, export.Options{})))
	if err != nil || len(res.Bank)+len(res.CreditCard) != 0 {
		t.Errorf("%+v, %v", res, err)
	}
}
