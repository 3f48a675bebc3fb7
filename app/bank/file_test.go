package bank_test

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"consentry/app/bank"
	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/httpsig"
	"consentry/xs2a/sandbox"
)

// berlinBank is a bank with a profile, as the least a line says of one.
func berlinBank(change func(b *storage.Bank)) storage.Bank {
	bank := storage.Bank{ID: "hamn", Name: "Hamnbanken", CountryCode: "SE", Profile: xs2a.Profile{Dialect: "berlingroup", APIURL: "https://hamn.example", Signing: xs2a.SignHTTP}}
	change(&bank)
	return bank
}

// TestColumnsOfBanks gives each column a cell and looks at the bank that comes of it.
func TestColumnsOfBanks(t *testing.T) {
	t.Parallel()
	profile := func(change func(p *xs2a.Profile)) storage.Bank {
		return berlinBank(func(b *storage.Bank) { change(&b.Profile) })
	}
	for _, test := range []struct {
		column, cell string
		want         storage.Bank
	}{
		{"bic", "hamnseg0", berlinBank(func(b *storage.Bank) { b.BIC = "HAMNSEG0" })},
		{"city", "Göteborg; Malmö;Göteborg", berlinBank(func(b *storage.Bank) { b.Cities = []string{"Göteborg", "Malmö"} })},
		{"auth", "https://auth.hamn.example/{bank}/", profile(func(p *xs2a.Profile) { p.AuthURL = "https://auth.hamn.example/{bank}" })},
		{"authorization", "https://hamn.example/page", profile(func(p *xs2a.Profile) { p.OAuth.Authorization = "https://hamn.example/page" })},
		{"token", "https://hamn.example/token", profile(func(p *xs2a.Profile) { p.OAuth.Token = "https://hamn.example/token" })},
		{"issuer", "https://hamn.example/a/", profile(func(p *xs2a.Profile) { p.OAuth.Issuer = "https://hamn.example/a/" })},
		{"hosts", "login.hamn.example https://B.example:443", profile(func(p *xs2a.Profile) { p.MoreHosts = "https://login.hamn.example\nhttps://b.example" })},
		{"customers", "corporate", profile(func(p *xs2a.Profile) { p.Context = "corporate" })},
		{"login", "person", profile(func(p *xs2a.Profile) { p.Login = xs2a.LoginPerson })},
		{"scope", "blank", profile(func(p *xs2a.Profile) { p.ScopeBlank = true })},
		{"scope", "plain", profile(func(p *xs2a.Profile) {})},
		{"signing", "none", profile(func(p *xs2a.Profile) { p.Signing = xs2a.SignNothing })},
		{"signing", "httpsig-date", profile(func(p *xs2a.Profile) { p.Signing = xs2a.SignHTTPDate })},
		{"signing", "", profile(func(p *xs2a.Profile) {})},
		{"key id", "SN,DN", profile(func(p *xs2a.Profile) { p.KeyID = httpsig.IssuerDN })},
		{"mTLS", "yes", profile(func(p *xs2a.Profile) { p.MTLS = true })},
		{"mtls", "no", profile(func(p *xs2a.Profile) {})},
		{"prefix", "/x/v1", profile(func(p *xs2a.Profile) {
			p.Prefix = xs2a.Prefixes{Consents: "/x/v1", Accounts: "/x/v1", Payments: "/x/v1"}
		})},
		{"prefix_consents", "/c", profile(func(p *xs2a.Profile) { p.Prefix.Consents = "/c" })},
		{"prefix_accounts", "/a", profile(func(p *xs2a.Profile) { p.Prefix.Accounts = "/a" })},
		{"prefix_payments", "/p", profile(func(p *xs2a.Profile) { p.Prefix.Payments = "/p" })},
		{"prefix_products", "/g", profile(func(p *xs2a.Profile) { p.Prefix.Products = "/g" })},
		{"password_key", "https://hamn.example/jwks", profile(func(p *xs2a.Profile) { p.PasswordKey = "https://hamn.example/jwks" })},
		{"psu_id", "wanted", profile(func(p *xs2a.Profile) { p.WantsPSUID = true })},
		{"psu_id_type", "RETAIL", profile(func(p *xs2a.Profile) { p.PSUIDType = "RETAIL" })},
		{"notification_uri", "https://tpp.example/told", profile(func(p *xs2a.Profile) { p.NotificationURI = "https://tpp.example/told" })},
		{"approaches", "Redirect embedded", profile(func(p *xs2a.Profile) { p.Approaches = "redirect embedded" })},
		{"reports", "camt json", profile(func(p *xs2a.Profile) { p.Reports = "camt json" })},
		{"products", "pain.001-sepa-credit-transfers Domestic", berlinBank(func(b *storage.Bank) { b.Products = []string{"pain.001-sepa-credit-transfers", "domestic"} })},
		{"logo", "https://hamn.example/l.svg", berlinBank(func(b *storage.Bank) { b.LogoURL = "https://hamn.example/l.svg" })},
		{"note", "ask for, first", berlinBank(func(b *storage.Bank) { b.Note = "ask for, first" })},
	} {
		file := fmt.Sprintf("id,name,country,dialect,api,%s\nhamn,Hamnbanken,se,berlingroup,https://hamn.example/,%q\n", test.column, test.cell)
		banks, faults, err := bank.ReadFile([]byte(file))
		if err != nil || len(faults) > 0 || !reflect.DeepEqual(banks, []storage.Bank{test.want}) {
			t.Errorf("%s %q: %+v %v %v, want %+v", test.column, test.cell, banks, faults, err, test.want)
			continue
		}
		var again bytes.Buffer
		if err := bank.WriteFile(&again, banks); err != nil {
			t.Fatal(err)
		}
		if back, faults, err := bank.ReadFile(again.Bytes()); err != nil || len(faults) > 0 || !reflect.DeepEqual(back, banks) {
			t.Errorf("%s %q: written and read, %+v %v %v", test.column, test.cell, back, faults, err)
		}
	}
}

// TestFaultsOfBanks: whatever cannot be read is named with its line, and costs that
// line alone.
func TestFaultsOfBanks(t *testing.T) {
	t.Parallel()
	const header = "id,name,country,dialect,api,bic,login,scope,signing,key_id,mtls,customers,auth,password_key,approaches,reports,logo,note\n"
	for name, test := range map[string]struct {
		line   string // after one that is well
		column string
		says   string
	}{
		"no id":                      {",A,SE,,,,,,,,,,,,,,,", "id", failure.CellEmpty},
		"an id that is a path":       {"a/b,A,SE,,,,,,,,,,,,,,,", "id", failure.BadID},
		"an id twice":                {"well,A,SE,,,,,,,,,,,,,,,", "id", "Number:2"},
		"an id that is no host":      {"a_b,A,SE,berlingroup,https://r.example,,,,,,,,https://{bank}.example,,,,,", "id", failure.IDInHost},
		"no name":                    {"a,,SE,,,,,,,,,,,,,,,", "name", failure.CellEmpty},
		"a name that is too long":    {"a," + strings.Repeat("x", 141) + ",SE,,,,,,,,,,,,,,,", "name", failure.LongerThan},
		"a name that cannot be seen": {"a,A\x07,SE,,,,,,,,,,,,,,,", "name", failure.NotShowable},
		"a name that turns the rest": {"a,Swed\u202eknab,SE,,,,,,,,,,,,,,,", "name", failure.NotShowable},
		"a name that only fills":     {"a,A\u3164,SE,,,,,,,,,,,,,,,", "name", failure.NotShowable},
		"a name of joiners":          {"a,\u200d \u200d,SE,,,,,,,,,,,,,,,", "name", failure.NotShowable},
		"a name in two parts":        {"a,A; B,SE,,,,,,,,,,,,,,,", "name", failure.HasSemicolon},
		"a name that calculates":     {"a,=1+1,SE,,,,,,,,,,,,,,,", "name", failure.LikeAFormula},
		"a note that calculates":     {"a,A,SE,,,,,,,,,,,,,,,@SUM(1)", "note", failure.LikeAFormula},
		"no country":                 {"a,A,,,,,,,,,,,,,,,,", "country", failure.CellEmpty},
		"a country there is not":     {"a,A,XQ,,,,,,,,,,,,,,,", "country", "XQ"},
		"a country that is no more":  {"a,A,SU,,,,,,,,,,,,,,,", "country", "SU"},
		"a dialect there is not":     {"a,A,SE,swedish,,,,,,,,,,,,,,", "dialect", "swedish"},
		"a profile without dialect":  {"a,A,SE,,https://r.example,,,,,,,,,,,,,", "dialect", failure.DialectMissing},
		"no address":                 {"a,A,SE,berlingroup,,,,,,,,,,,,,,", "api", failure.CompleteAddress},
		"an address in the clear":    {"a,A,SE,berlingroup,http://r.example,,,,,,,,,,,,,", "api", failure.CompleteAddress},
		"no BIC":                     {"a,A,SE,,,HAMN,,,,,,,,,,,,", "bic", "HAMN"},
		"a log-in there is not":      {"a,A,SE,berlingroup,https://r.example,,always,,,,,,,,,,,", "login", "none client person"},
		"a scope there is not":       {"a,A,SE,berlingroup,https://r.example,,,wide,,,,,,,,,,", "scope", "plain blank"},
		"a signature there is not":   {"a,A,SE,berlingroup,https://r.example,,,,ink,,,,,,,,,", "signing", "httpsig"},
		"a key id there is not":      {"a,A,SE,berlingroup,https://r.example,,,,,KEY,,,,,,,,", "key_id", "SN,CA"},
		"neither yes nor no":         {"a,A,SE,berlingroup,https://r.example,,,,,,perhaps,,,,,,,", "mtls", "yes no"},
		"customers there are not":    {"a,A,SE,berlingroup,https://r.example,,,,,,,all,,,,,,", "customers", failure.ChooseContext},
		"no server for a token":      {"a,A,SE,berlingroup,https://r.example,,client,,,,,,,,,,,", "auth", failure.CompleteAddress},
		"a private key":              {"a,A,SE,berlingroup,https://r.example,,,,,,,,,\"{\"\"kty\"\":\"\"RSA\"\",\"\"d\"\":\"\"AQ\"\"}\",,,,", "password_key", failure.KeyMisplaced},
		"an approach there is not":   {"a,A,SE,berlingroup,https://r.example,,,,,,,,,,smoke,,,", "approaches", "redirect"},
		"a report there is not":      {"a,A,SE,berlingroup,https://r.example,,,,,,,,,,,pdf,,", "reports", "json"},
		"a picture of nowhere":       {"a,A,SE,,,,,,,,,,,,,,l.svg,", "logo", failure.AddressOrNothing},
		"a note that is too long":    {"a,A,SE,,,,,,,,,,,,,,," + strings.Repeat("x", 301), "note", failure.LongerThan},
		"too few cells":              {"a,A,SE", "", "Number:3"},
		"a mark too many":            {"a,\"A\"\",SE,,,,,,,,,,,,,,", "", failure.LineTorn},
	} {
		banks, faults, err := bank.ReadFile([]byte(header + "well,Well,SE,,,,,,,,,,,,,,,\n" + test.line + "\n"))
		if err != nil || len(banks) != 1 || len(faults) != 1 || faults[0].Line != 3 || faults[0].Column != test.column || !strings.Contains(fmt.Sprintf("%+v", faults[0].Problem), test.says) {
			t.Errorf("%s: %d banks, %+v, %v", name, len(banks), faults, err)
		}
	}
}

// TestFilesThatAreNoList are refused whole; what only looks odd is read.
func TestFilesThatAreNoList(t *testing.T) {
	t.Parallel()
	many := "id,name,country\n"
	for i := range 2001 {
		many += fmt.Sprintf("b%d,B,SE\n", i)
	}
	for name, file := range map[string]string{
		"empty": "", "another list": "iban,owner\n1,2\n", "no country": "id,name\na,A\n", "not UTF-8": "id,name,country\na,G\xf6ta,SE\n",
		"too large": "id,name,country\n" + strings.Repeat("x", bank.MaxFile), "too many": many,
	} {
		var told *failure.Error
		if banks, _, err := bank.ReadFile([]byte(file)); !errors.As(err, &told) || len(banks) > 0 {
			t.Errorf("%s: %d banks, %v", name, len(banks), err)
		}
	}
	banks, faults, err := bank.ReadFile([]byte("\xef\xbb\xbfID; Name ;Country;Owner;name\r\n\r\na;\"A, B\";se;x;y\r\n;;;;\r\n"))
	if want := []storage.Bank{{ID: "a", Name: "A, B", CountryCode: "SE"}}; err != nil || !reflect.DeepEqual(banks, want) {
		t.Errorf("%+v, %v", banks, err)
	}
	if len(faults) != 2 || faults[0].Column != "Owner" || faults[1].Column != "name" || faults[0].Line != 1 {
		t.Errorf("columns that are not read: %+v", faults)
	}
}

// TestFaultsAreBounded: of a file that is broken throughout, and of one in which a mark
// is missing, it is said how much was not read.
func TestFaultsAreBounded(t *testing.T) {
	t.Parallel()
	const header = "id,name,country\n"
	banks, faults, err := bank.ReadFile([]byte(header + strings.Repeat("x\n", 5000)))
	if err != nil || len(banks) > 0 || len(faults) != 200 {
		t.Errorf("%d banks, %d faults, %v", len(banks), len(faults), err)
	}
	_, faults, err = bank.ReadFile([]byte(header + "a,\"A,SE\nb,B,SE\nc,C,SE"))
	if err != nil || len(faults) != 1 || faults[0].Line != 2 || faults[0].Problem.Number != 4 {
		t.Errorf("%+v, %v", faults, err)
	}
}

// TestCitiesThatCalculate are refused wherever they stand: saved, the first is the first
// of its cell again.
func TestCitiesThatCalculate(t *testing.T) {
	t.Parallel()
	for _, city := range []string{"=1+1", "; =1+1", "Berlin; @SUM(1)"} {
		if banks, faults, err := bank.ReadFile([]byte("id,name,country,city\na,A,SE," + city + "\n")); err != nil || len(banks) > 0 || faults[0].Column != "city" {
			t.Errorf("%s: %+v, %+v, %v", city, banks, faults, err)
		}
	}
}

// TestCodesOfNoCountry are refused, though CLDR knows them: countries that are no more,
// parts of others, and unions.
func TestCodesOfNoCountry(t *testing.T) {
	t.Parallel()
	for _, code := range strings.Fields("AC AN BU CP CQ CS CT DD DG DY EA EU EZ FQ FX HV IC JT MI NH NQ NT PC PU PZ QO RH SU TA TP UN VD WK YD YU ZR ZZ") {
		if banks, _, err := bank.ReadFile([]byte("id,name,country\na,A," + code + "\n")); err != nil || len(banks) > 0 {
			t.Errorf("%s: %+v, %v", code, banks, err)
		}
	}
}

// TestCountriesAsPeopleWriteThem are kept by the code of ISO 3166-1.
func TestCountriesAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for written, want := range map[string]string{"UK": "GB", "gb": "GB", "ge": "GE", "XK": "XK"} {
		if banks, faults, err := bank.ReadFile([]byte("id,name,country\na,A," + written + "\n")); err != nil || len(banks) != 1 || banks[0].CountryCode != want {
			t.Errorf("%s: %+v, %+v, %v", written, banks, faults, err)
		}
	}
}

// TestPracticeBanksAsFile writes the practice banks and reads them: nothing changes,
// and no secret stands in the file.
func TestPracticeBanksAsFile(t *testing.T) {
	t.Parallel()
	server, err := sandbox.Start("127.0.0.1:0", sandbox.Config{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	info := server.Info()
	practice := bank.Practice(info)
	var file bytes.Buffer
	if err := bank.WriteFile(&file, practice.Banks); err != nil {
		t.Fatal(err)
	}
	banks, faults, err := bank.ReadFile(file.Bytes())
	if err != nil || len(faults) > 0 || len(banks) != len(info.Banks) {
		t.Fatalf("%d banks, %v, %v", len(banks), faults, err)
	}
	for i, bank := range banks {
		if !reflect.DeepEqual(bank, practice.Banks[i]) {
			t.Errorf("%+v became %+v", practice.Banks[i], bank)
		}
	}
	for _, secret := range []string{info.ClientSecret, info.ClientID, "BEGIN"} {
		if strings.Contains(file.String(), secret) {
			t.Errorf("the file holds %q", secret)
		}
	}
	ids := map[string]bool{}
	for _, bank := range practice.Banks {
		ids[bank.ID] = true
	}
	if len(ids) != len(practice.Banks) {
		t.Error("two practice banks have one id")
	}
}

// TestColumnsHoldProfiles: what a profile says is in the file, but for the path of a
// directory, which a single bank has not.
func TestColumnsHoldProfiles(t *testing.T) {
	t.Parallel()
	plain := berlinBank(func(*storage.Bank) {})
	written := func(one storage.Bank) string {
		var file bytes.Buffer
		if err := bank.WriteFile(&file, []storage.Bank{one}); err != nil {
			t.Fatal(err)
		}
		return file.String()
	}
	var missing []string
	var each func(v reflect.Value, name string)
	one := plain
	each = func(v reflect.Value, name string) {
		switch v.Kind() {
		case reflect.Struct:
			for i := range v.NumField() {
				each(v.Field(i), name+"."+v.Type().Field(i).Name)
			}
		case reflect.String, reflect.Bool:
			before := written(one)
			kept := reflect.ValueOf(v.Interface())
			if v.Kind() == reflect.Bool {
				v.SetBool(!v.Bool())
			} else {
				v.SetString(v.String() + "x")
			}
			if written(one) == before {
				missing = append(missing, name)
			}
			v.Set(kept)
		default:
			t.Errorf("%s is a %s", name, v.Kind())
		}
	}
	each(reflect.ValueOf(&one.Profile).Elem(), "Profile")
	if want := []string{"Profile.Prefix.Directory"}; !slices.Equal(missing, want) {
		t.Errorf("not in the file: %v, want %v", missing, want)
	}
}
