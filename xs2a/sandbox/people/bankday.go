package people

import "time"

// IsBankDay reports whether payments of a currency are settled on a day: on working days
// but the closing days of T2 (ECB), and for the krona Sweden's bank holidays.
func (d Day) IsBankDay(currency string) bool {
	if d.weekend() {
		return false
	}
	t := d.Time()
	easter := easterOf(t.Year())
	switch d {
	case easter - 2, easter + 1: // Good Friday, Easter Monday
		return false
	case easter + 39: // Ascension Day
		return currency != "SEK"
	}
	switch month, of := t.Month(), t.Day(); month {
	case time.January:
		return of != 1 && (of != 6 || currency != "SEK")
	case time.May:
		return of != 1
	case time.June: // Sweden's national day, and Midsummer's Eve
		return currency != "SEK" || of != 6 && (d.weekday() != time.Friday || of < 19 || of > 25)
	case time.December:
		return of != 25 && of != 26 && (of != 24 && of != 31 || currency != "SEK")
	}
	return true
}

// BankDayFrom returns the day itself where it is a bank day, and else the next one.
func (d Day) BankDayFrom(currency string) Day {
	for !d.IsBankDay(currency) {
		d++
	}
	return d
}

// BankDayUntil returns the day itself where it is a bank day, and else the last one
// before it.
func (d Day) BankDayUntil(currency string) Day {
	for !d.IsBankDay(currency) {
		d--
	}
	return d
}

// InMonth returns a day of the month so many months after the day's; where that month is
// shorter, its last.
func (d Day) InMonth(after, day int) Day {
	t := d.Time()
	last := date(t.Year(), t.Month()+time.Month(after)+1, 0)
	return min(date(t.Year(), t.Month()+time.Month(after), day), last)
}

// OfMonth returns which day of its month a day is.
func (d Day) OfMonth() int { return d.ofMonth() }

// easterOf returns Easter Sunday of a year of the Gregorian calendar: the Sunday after the
// full moon that the church reckons with, on or after 21 March.
func easterOf(year int) Day {
	century, golden := year/100, year%19
	epact := (century - century/4 - (8*century+13)/25 + 19*golden + 15) % 30 // days from 21 March to the full moon
	if epact == 29 || epact == 28 && golden > 10 {
		epact--
	}
	full := date(year, time.March, 21) + Day(epact)
	return full + 7 - Day(full.weekday())
}
