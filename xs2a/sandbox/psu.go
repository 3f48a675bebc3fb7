package sandbox

import "strings"

// psu is a person who has accounts at every bank.
type psu struct {
	login, password, code string
	name                  string
	country               string
	salary                int64 // a month's net pay in euro, from which all else follows
}

// people are invented. Passwords and codes are for practice and stand on the
// banks' login pages.
var people = []*psu{
	{"astrid", "blomma-17", "314159", "Astrid Lindqvist", "SE", 3300},
	{"johan", "segling-42", "271828", "Johan Bergvall", "SE", 2850},
	{"aino", "mustikka-5", "161803", "Aino Korpela", "FI", 3050},
	{"lukas", "laterne-88", "141421", "Lukas Brandhorst", "DE", 3700},
	{"nino", "mandarini-9", "173205", "ნინო ბერიძე", "GE", 2400},
	{"ingrid", "multebaer-3", "223606", "Ingrid Solhaug", "NO", 3900},
	{"mette", "rugbroed-6", "244948", "Mette Kjærulf", "DK", 3500},
}

func findPSU(login string) *psu {
	for _, p := range people {
		if p.login == strings.ToLower(strings.TrimSpace(login)) {
			return p
		}
	}
	return nil
}

// logins lists the people with what they type at the banks' pages.
func logins() []PSUInfo {
	list := make([]PSUInfo, len(people))
	for i, p := range people {
		list[i] = PSUInfo{Login: p.login, Password: p.password, Name: p.name, Code: p.code, Country: p.country}
	}
	return list
}
