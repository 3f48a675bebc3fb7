package xs2a

import (
	"errors"
	"net/http"
	"testing"
)

// TestNeitherListNorError takes an answer that holds no list for an error, the
// bank's own where it says one, and never for an empty list: pending entries
// would be deleted for it.
func TestNeitherListNorError(t *testing.T) {
	reads := map[string]func(*Client) error{
		"transactions": func(c *Client) error {
			_, err := c.Transactions(t.Context(), Call{}, "1", TransactionQuery{})
			return err
		},
		"card": func(c *Client) error {
			_, err := c.CardTransactions(t.Context(), Call{}, "1", TransactionQuery{})
			return err
		},
		"accounts":  func(c *Client) error { _, err := c.Accounts(t.Context(), Call{}, true); return err },
		"balances":  func(c *Client) error { _, err := c.Balances(t.Context(), Call{}, "1"); return err },
		"account":   func(c *Client) error { _, err := c.Account(t.Context(), Call{}, "1"); return err },
		"directory": func(c *Client) error { _, err := c.ASPSPs(t.Context(), DirectoryFilter{}); return err },
	}
	for body, code := range map[string]string{
		`{}`: "", `{"_links":{"self":{"href":"/a"}}}`: "", `{"transactions":{"_links":{"account":"/a"}}}`: "", `{"cardTransactions":null}`: "",
		`{"tppMessages":[{"category":"ERROR","code":"SERVICE_BLOCKED"}]}`: "SERVICE_BLOCKED",
		`{"tppMessages":[{"category":"WARNING","code":"LATER"}]}`:         "LATER",
		`{"error":"server_error"}`:                                        "server_error",
	} {
		for name, read := range reads {
			err := read(sends(t, http.StatusOK, body))
			var failed *Error
			if !errors.As(err, &failed) || failed.Code != code || (failed.Kind == Refused) != (code != "") || failed.Status != http.StatusOK {
				t.Errorf("%s, %s: %v", body, name, err)
			}
		}
	}
}

// TestMessagesBesideLists takes a list with warnings beside it, and refuses
// one with an error.
func TestMessagesBesideLists(t *testing.T) {
	const list = `{"transactions":{"booked":[],"pending":[]},"tppMessages":[{"category":"WARNING","code":"W"},{"category":"@","code":"X"}]}`
	for category, refused := range map[string]bool{"WARNING": false, "ERROR": true} {
		_, err := sends(t, http.StatusOK, filled(list, map[byte]string{'@': category})).Transactions(t.Context(), Call{}, "1", TransactionQuery{})
		var failed *Error
		if errors.As(err, &failed) != refused || refused && failed.Code != "X" {
			t.Errorf("%s: %v", category, err)
		}
	}
}

// TestMalformedCostsItself keeps a page whose entries cannot all be read, in
// each of its forms, and says what was left out and why.
func TestMalformedCostsItself(t *testing.T) {
	for body, reason := range map[string]string{
		booked(`{"transactionAmount":{"amount":"x"}},{` + sek + `}`):                                                                                               `transactions.booked[0].transactionAmount.amount: "x" is not a decimal number`,
		":20:A\n:60F:C240101EUR1,00\n:61:240102Z1,00NMSC\n:86:x\n:61:240102C1,00NMSC\n":                                                                            `statement[0].:61:[0]: "240102Z1,00NMSC" is not a statement line`,
		`<Document><BkToCstmrStmt><Stmt><Ntry><Amt>1</Amt></Ntry><Ntry><Amt Ccy="SEK">1</Amt><CdtDbtInd>CRDT</CdtDbtInd></Ntry></Stmt></BkToCstmrStmt></Document>`: `Document.BkToCstmrStmt.Stmt[0].Ntry[0].CdtDbtInd: "" is neither CRDT nor DBIT`,
	} {
		page, err := DecodeReport("", []byte(body))
		if err != nil || len(page.Booked) != 1 || len(page.LeftOut) != 1 || page.LeftOut[0].Reason != reason || page.LeftOut[0].Raw == "" {
			t.Errorf("%s: %+v, %v", body, page, err)
		}
	}
	accounts, err := sends(t, http.StatusOK, `{"accounts":[{"resourceId":"1","balances":[{}]},{"resourceId":"2"}]}`).Accounts(t.Context(), Call{}, true)
	if err != nil || len(accounts) != 2 || len(accounts[0].Balances) != 0 {
		t.Errorf("accounts: %+v, %v", accounts, err)
	}
}

// TestJSONOfOldSystems takes JSON with a byte-order mark and in ISO 8859-1.
func TestJSONOfOldSystems(t *testing.T) {
	for _, body := range []string{"\xef\xbb\xbf" + `[{"resourceId":"1","name":"Müller"}]`, "[{\"resourceId\":\"1\",\"name\":\"M\xfcller\"}]"} {
		accounts, err := sends(t, http.StatusOK, body).Accounts(t.Context(), Call{}, true)
		if err != nil || accounts[0].Name != "Müller" {
			t.Errorf("%q: %+v, %v", body, accounts, err)
		}
	}
}

// TestOwnNames never leaves the owner's name where the other party is looked
// for, and turns no amount the bank signed.
func TestOwnNames(t *testing.T) {
	own := Account{IBAN: "SE1", OwnerName: "Anna  Lind"}
	for entry, want := range map[string][3]string{ // amount, creditor, debtor
		`"creditorName":"anna lind","debtorName":"Shop","transactionAmount":{"amount":"-5"}`:                                       {"-5", "", "Shop"},
		`"debtorName":"Anna Lind","transactionAmount":{"amount":"-5"}`:                                                             {"-5", "", ""},
		`"creditorName":"Anna Lind","creditorAccount":{"iban":"SE2"},"debtorName":"Anna Lind","transactionAmount":{"amount":"-5"}`: {"-5", "Anna Lind", "Anna Lind"},
		`"creditorName":"Me","creditorAccount":{"iban":"SE 1"},"transactionAmount":{"amount":"5"}`:                                 {"5", "", ""},
	} {
		page, err := DecodeTransactions([]byte(booked(`{` + entry + `}`)))
		if err != nil {
			t.Fatal(err)
		}
		page.Of(own)
		got := page.Booked[0]
		compare(t, entry, [3]string{got.Amount.Number, got.CreditorName, got.DebtorName}, want)
	}
}

// TestSameInBothForms reads in camt and JSON what banks name in either.
func TestSameInBothForms(t *testing.T) {
	wire := booked(`{"endToEndId":"E","mandateId":"M","creditorId":"DE1","purposeCode":"SALA","creditorName":"C","creditorAgent":"AAAADEBB","debtorAgent":"BBBBDEAA",
		"bankTransactionCode":"PMNT-RDDT-ESDD","transactionAmount":{"amount":"-1","currency":"EUR"},
		"currencyExchange":[{"sourceCurrency":"USD","targetCurrency":"EUR","unitCurrency":"USD","exchangeRate":"0.9","quotationDate":"2024-01-01"}]}`)
	document := `<Document><BkToCstmrStmt><Stmt><Ntry><Amt Ccy="EUR">1</Amt><CdtDbtInd>DBIT</CdtDbtInd><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RDDT</Cd><SubFmlyCd>ESDD</SubFmlyCd></Fmly></Domn></BkTxCd>
		<NtryDtls><TxDtls><Refs><EndToEndId>E</EndToEndId><MndtId>M</MndtId></Refs><AmtDtls><TxAmt><CcyXchg><SrcCcy>USD</SrcCcy><TrgtCcy>EUR</TrgtCcy><UnitCcy>USD</UnitCcy><XchgRate>0.9</XchgRate><QtnDt>2024-01-01</QtnDt></CcyXchg></TxAmt></AmtDtls>
		<RltdPties><Cdtr><Nm>C</Nm><Id><PrvtId><Othr><Id>DE1</Id></Othr></PrvtId></Id></Cdtr></RltdPties><RltdAgts><DbtrAgt><FinInstnId><BICFI>BBBBDEAA</BICFI></FinInstnId></DbtrAgt><CdtrAgt><FinInstnId><BIC>AAAADEBB</BIC></FinInstnId></CdtrAgt></RltdAgts>
		<Purp><Cd>SALA</Cd></Purp></TxDtls></NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document>`
	want := []Transaction{{EndToEndID: "E", MandateID: "M", CreditorID: "DE1", PurposeCode: "SALA", CreditorName: "C", CreditorAgent: "AAAADEBB", DebtorAgent: "BBBBDEAA",
		BankCode: "PMNT-RDDT-ESDD", Amount: Amount{"-1", "EUR"}, Exchange: []ExchangeRate{{"USD", "EUR", "USD", "0.9", "2024-01-01", ""}}}}
	for _, body := range []string{wire, document} {
		page, err := DecodeReport("", []byte(body))
		if err = whole(page, err); err != nil {
			t.Fatal(err)
		}
		compare(t, body[:10], withoutRaw(page.Booked), want)
	}
}
