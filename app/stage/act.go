package stage

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"consentry/app/failure"
	"consentry/storage"
)

// Act is one line of a scene: what somebody does.
type Act struct {
	Verb Verb
	Line int // in the file

	Bank    string // its name or id
	Person  string // a practice login
	Account int    // of the person there, the first is 1

	Days           int  // a consent's, or those that pass, or from which on is paid
	PerDay         int  // reads without the person; of a consent
	OneOff         bool // a consent for one look
	NoBalances     bool
	NoTransactions bool

	// Of what is booked, paid or noted: the amount as -12.50, of a payment with its currency and without
	// a sign; who the other is, and what for. Of a note the words and tags that are written, of a name
	// the name that is given.
	Amount, Currency, Other, Text string
	To                            string // the account number that is paid to, or that gets a name
	Product                       string // of a payment; empty: the first of the bank that takes it
	Every                         string // how often a standing order is carried out; empty: it is none
	Earlier                       int    // so many later transactions are like the one that is noted

	Method, Path string // of requests that go wrong
	Status       int    // they are answered with; 0: the line is cut
	Count        int    // how many requests go wrong
}

// Verb is what an act does.
type Verb string

// The verbs of acts. Each begins a line.
const (
	Link     Verb = "link"     // a person gives a consent at a bank, and all is read under it
	Pass     Verb = "pass"     // days pass at the practice banks
	Update   Verb = "update"   // all accounts are read again
	Book     Verb = "book"     // a bank books something on an account today
	Withdraw Verb = "withdraw" // the consent at a bank is withdrawn, and the data kept
	Revoke   Verb = "revoke"   // the person takes it back at the bank, of which the program is not told
	Fault    Verb = "fault"    // the next requests go wrong
	Renew    Verb = "renew"    // another consent takes the place of the one at a bank, and all is read under it
	Draft    Verb = "draft"    // a payment is written, and not sent
	Send     Verb = "send"     // it is sent, and waits for its approval
	Pay      Verb = "pay"      // it is sent and approved; that the bank refuses it may be what a scene is for
	Decline  Verb = "decline"  // it is sent, and the person says no at the bank
	Note     Verb = "note"     // a note and tags are written on a transaction
	Name     Verb = "name"     // those at the other end of transactions get a name of one's own
)

// needsLink reports whether an act is about what is there only once its bank is linked.
func (a Act) needsLink() bool {
	return slices.Contains([]Verb{Withdraw, Revoke, Renew, Note, Name}, a.Verb)
}

const (
	mostActs  = 200
	mostLinks = 20
	mostDays  = 366 // that pass at once, or that a consent lasts

	mostFaults = 100
)

var payment = regexp.MustCompile(`^(?:draft|send|pay|decline) (\d{1,12}(?:\.\d{1,3})?) ([A-Z]{3}) at (.+?) as (\S+?)(?: on account (\d{1,2}))?(?: by ([A-Za-z0-9.-]{1,60}))?(?: every ([A-Za-z]{1,20}))?(?: in (\d{1,3}) days?)? to ([A-Z0-9]{5,34}) ([^:]+?)(?:: (.+))?$`)

// A line of each verb. The rest of a link's is a list of words.
var forms = map[Verb]*regexp.Regexp{
	Link:     regexp.MustCompile(`^link (.+?) as (\S+?)((?:,| for ).*)?$`),
	Pass:     regexp.MustCompile(`^pass (\d{1,4}) days?$`),
	Update:   regexp.MustCompile(`^update$`),
	Book:     regexp.MustCompile(`^book (-?\d{1,9}(?:\.\d{2})?) at (.+?) as (\S+?)(?: on account (\d{1,2}))? from ([^:]+?): (.+)$`),
	Withdraw: regexp.MustCompile(`^withdraw (.+)$`),
	Revoke:   regexp.MustCompile(`^revoke (.+)$`),
	Renew:    regexp.MustCompile(`^renew (.+?) as (\S+?)((?:,| for ).*)?$`),
	Draft:    payment, Send: payment, Pay: payment, Decline: payment,
	Note:  regexp.MustCompile(`^note (-?\d{1,12}(?:\.\d{1,4})?) at (.+?) from ([^:]+?)(?:, (\d{1,3}) earlier)?: (.+)$`),
	Name:  regexp.MustCompile(`^name (number )?(.+?) at ([^:]+?): (.+)$`),
	Fault: regexp.MustCompile(`^fault (GET|POST|PUT|DELETE) (/[A-Za-z0-9/_-]{0,80}) (?:(\d{3})|(cut))(?: (\d{1,3}) times)?$`),
}

func parseAct(l line) (Act, error) {
	word, _, _ := strings.Cut(l.text, " ")
	form, known := forms[Verb(word)]
	if !known {
		return Act{}, mistake(l.number, failure.StageVerb, word)
	}
	parts := form.FindStringSubmatch(l.text)
	if parts == nil {
		return Act{}, mistake(l.number, failure.StageForm, word)
	}
	a := Act{Verb: Verb(word), Line: l.number}
	switch a.Verb {
	case Link, Renew:
		a.Bank, a.Person, a.Days, a.PerDay = parts[1], parts[2], 180, 4
		return a.with(strings.ReplaceAll(parts[3], " for ", ", for "))
	case Pass:
		return a.lasting(parts[1])
	case Book:
		a.Amount, a.Bank, a.Person, a.Account, a.Other, a.Text = parts[1], parts[2], parts[3], atLeastOne(parts[4]), parts[5], parts[6]
	case Draft, Send, Pay, Decline:
		a.Amount, a.Currency, a.Bank, a.Person, a.Account = parts[1], parts[2], parts[3], parts[4], atLeastOne(parts[5])
		a.Product, a.Every, a.To, a.Other, a.Text = parts[6], parts[7], parts[9], parts[10], parts[11]
		if parts[8] != "" {
			return a.lasting(parts[8])
		}
	case Note:
		a.Amount, a.Bank, a.Other, a.Text = parts[1], parts[2], parts[3], parts[5]
		a.Earlier, _ = strconv.Atoi(parts[4]) // digits, or none
	case Name:
		a.Bank, a.Text = parts[3], parts[4]
		if parts[1] != "" {
			a.To = parts[2]
		} else {
			a.Other = parts[2]
		}
	case Withdraw, Revoke:
		a.Bank = parts[1]
	case Fault:
		a.Method, a.Path, a.Count = parts[1], parts[2], 1
		a.Status, _ = strconv.Atoi(parts[3]) // digits, or none
		if parts[5] != "" {
			a.Count, _ = strconv.Atoi(parts[5])
		}
		if a.Status != 0 && (a.Status < 400 || a.Status > 599) || a.Count < 1 || a.Count > mostFaults {
			return a, mistake(l.number, failure.StageForm, word)
		}
	}
	return a, nil
}

// atLeastOne is a number in digits; one where there are none, or it is zero.
func atLeastOne(digits string) int {
	n, _ := strconv.Atoi(digits)
	return max(n, 1)
}

// lasting takes over a number of days.
func (a Act) lasting(days string) (Act, error) {
	a.Days, _ = strconv.Atoi(days) // digits
	if a.Days < 1 || a.Days > mostDays {
		return a, &Mistake{a.Line, storage.Reason{Code: failure.DaysAhead, Of: mostDays}}
	}
	return a, nil
}

var (
	forDays = regexp.MustCompile(`^for (\d{1,4}) days?$`)
	perDay  = regexp.MustCompile(`^(\d{1,2}) a day$`)
)

// with takes over what a link says of the consent, between commas.
func (a Act) with(list string) (Act, error) {
	for _, word := range strings.Split(list, ",") {
		word = strings.TrimSpace(word)
		switch {
		case word == "":
		case word == "once":
			a.OneOff = true
		case word == "without balances":
			a.NoBalances = true
		case word == "without transactions":
			a.NoTransactions = true
		case forDays.MatchString(word):
			var err error
			if a, err = a.lasting(forDays.FindStringSubmatch(word)[1]); err != nil {
				return a, err
			}
		case perDay.MatchString(word):
			a.PerDay, _ = strconv.Atoi(perDay.FindStringSubmatch(word)[1]) // digits
			if a.PerDay < 1 {
				return a, mistake(a.Line, failure.StageForm, string(Link))
			}
		default:
			return a, mistake(a.Line, failure.StageForm, string(Link))
		}
	}
	return a, nil
}
