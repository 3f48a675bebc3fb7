package people

import "strings"

// Person is a person who has accounts at every bank.
type Person struct {
	Login, Password, Code string
	Name                  string
	Country               string
	Salary                int64 // a month's net pay in euro, from which all else follows
}

// All is everybody. They are invented. Passwords and codes are for practice and stand on the
// banks' login pages.
var All = []*Person{
	{"astrid", "blomma-17", "314159", "Astrid Lindqvist", "SE", 3300},
	{"johan", "segling-42", "271828", "Johan Bergvall", "SE", 2850},
	{"aino", "mustikka-5", "161803", "Aino Korpela", "FI", 3050},
	{"lukas", "laterne-88", "141421", "Lukas Brandhorst", "DE", 3700},
	{"nino", "mandarini-9", "173205", "ნინო ბერიძე", "GE", 2400},
	{"ingrid", "multebaer-3", "223606", "Ingrid Solhaug", "NO", 3900},
	{"mette", "rugbroed-6", "244948", "Mette Kjærulf", "DK", 3500},
}

// Find returns the person with a login, in whatever case it is typed; nil where there
// is none.
func Find(login string) *Person {
	for _, p := range All {
		if p.Login == strings.ToLower(strings.TrimSpace(login)) {
			return p
		}
	}
	return nil
}
