package find

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"consentry/storage"
	"consentry/storage/fold"
)

// readDays reads days at the beginning of what was typed, and how many parts of it they are:
// 2026, 2026-03, 2026-03-14, 14.3.2026, 14.3.26, 14.3., march 2026, 14 march 2026, march, today, yesterday, and
// ranges of those in numbers: 2025-06.., ..2025-06, 2025-06..2026-02. Names are read in each language of the screens, whichever
// they speak.
func readDays(parts []part, now time.Time) (n int, days storage.Span, is bool) {
	for n = min(3, len(parts)); n > 0; n-- {
		words := make([]string, n)
		for i, one := range parts[:n] {
			if one.quoted {
				break
			}
			words[i] = strings.ToLower(one.text)
		}
		if days, is = daysOf(words, now); is {
			return n, days, true
		}
	}
	return 0, storage.Span{}, false
}

func daysOf(words []string, now time.Time) (storage.Span, bool) {
	switch len(words) {
	case 3: // 14 march 2026
		year, known := readYear(words[2])
		return dayOfMonth(words[0], words[1], year, known)
	case 2:
		if year, known := readYear(words[0]); known { // 2026 march
			words[0], words[1] = words[1], strconv.Itoa(year)
		}
		if year, known := readYear(words[1]); known { // march 2026
			month, known := readMonth(words[0])
			return spanOf(time.Date(year, month, 1, 0, 0, 0, 0, time.UTC), 0, 1), known
		}
		month, known := readMonth(words[1]) // 14 march
		return dayOfMonth(words[0], words[1], latest(month, now), known)
	}
	word := words[0]
	switch folded := fold.Word(word); {
	case slices.Contains(todays, folded):
		return dated(now), true
	case slices.Contains(yesterdays, folded):
		return dated(now.AddDate(0, 0, -1)), true
	}
	if from, to, ranges := strings.Cut(word, ".."); ranges {
		return rangeOf(from, to)
	}
	if found := withoutYear.FindStringSubmatch(word); found != nil {
		month, _ := strconv.Atoi(found[2])
		on, err := time.Parse("2006-1-2", fmt.Sprintf("%d-%s-%s", latest(time.Month(month), now), found[2], found[1]))
		return dated(on), err == nil
	}
	if month, known := readMonth(word); known && len(word) > 3 { // "mar" may be a word
		return spanOf(time.Date(latest(month, now), month, 1, 0, 0, 0, 0, time.UTC), 0, 1), true
	}
	days, is := written(word)
	if year, known := readYear(word); known && (year > now.Year()+1 || year < now.Year()-mostYears) {
		return days, false // 2000 is an amount
	}
	return days, is
}

// mostYears is how many years back a number by itself is a year.
const mostYears = 15

// rangeOf reads the days between two, either of which may be left open.
func rangeOf(from, to string) (storage.Span, bool) {
	var days storage.Span
	if from != "" {
		first, is := written(from)
		if !is {
			return days, false
		}
		days.From = first.From
	}
	if to != "" {
		last, is := written(to)
		if !is {
			return days, false
		}
		days.To = last.To
	}
	return days, days != storage.Span{}
}

// Days in numbers.
var (
	parted      = regexp.MustCompile(`^(\d{1,2})([./-])(\d{1,2})[./-](\d{4})$`) // with the day or the month first: 29.11.2026, 11/29/2026
	shortYear   = regexp.MustCompile(`^(\d{1,2}[./]\d{1,2}[./])(\d{2})$`)       // 29.11.26; 26-11-29 may be either way round
	withoutYear = regexp.MustCompile(`^(\d{1,2})\.(\d{1,2})\.$`)                // 29.11.
)

// written reads a day, month or year in numbers. Where either of two may be the month, the
// second is.
func written(word string) (storage.Span, bool) {
	word = shortYear.ReplaceAllString(word, "${1}20$2")
	if found := parted.FindStringSubmatch(word); found != nil {
		day, month := found[1], found[3]
		if n, _ := strconv.Atoi(month); n > 12 {
			day, month = month, day
		}
		word = fmt.Sprintf("%s-%02s-%02s", found[4], month, day)
	}
	word = strings.ReplaceAll(word, "/", "-")
	if on, err := time.Parse(time.DateOnly, word); err == nil && plausible(on.Year()) {
		return dated(on), true
	}
	if month, err := time.Parse("2006-01", word); err == nil && plausible(month.Year()) {
		return spanOf(month, 0, 1), true
	}
	year, known := readYear(word)
	return spanOf(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC), 1, 0), known
}

// readYear reads a year that transactions may be of. Other numbers of four digits are amounts.
func readYear(word string) (int, bool) {
	year, err := strconv.Atoi(word)
	return year, err == nil && len(word) == 4 && plausible(year)
}

func plausible(year int) bool { return year >= 1990 && year < 2100 }

// months are their names, folded, in the languages that people of our banks type: English,
// Swedish, German, Georgian.
var months = [12][]string{
	{"january", "januari", "januar", "ianvari"}, {"february", "februari", "februar", "tebervali", "tebervlis"}, {"march", "mars", "marz", "marti"},
	{"april", "aprili"}, {"may", "maj", "mai", "maisi"}, {"june", "juni", "ivnisi"}, {"july", "juli", "ivlisi"}, {"august", "augusti", "agvisto"},
	{"september", "sektemberi", "sektembris"}, {"october", "oktober", "oktomberi", "oktombris"}, {"november", "noemberi", "noembris"}, {"december", "dezember", "dekemberi", "dekembris"},
}

// The words for today and yesterday, folded, in the same languages.
var (
	todays     = folded("today", "idag", "heute", "დღეს")
	yesterdays = folded("yesterday", "igår", "gestern", "გუშინ")
)

func folded(words ...string) (all []string) {
	for _, word := range words {
		all = append(all, fold.Word(word))
	}
	return all
}

// readMonth reads the name of a month, or its beginning of three letters or more, as Georgian inflects it, too: 5 მარტს, 5 მარტის.
func readMonth(word string) (time.Month, bool) {
	word = fold.Word(strings.TrimSuffix(word, "."))
	is := func(name string) bool {
		stem, vowel := strings.CutSuffix(name, "i")
		return strings.HasPrefix(name, word) || vowel && (word == stem+"s" || word == stem+"is") || strings.HasSuffix(name, "o") && word == name+"s"
	}
	for i, names := range months {
		if len(word) >= 3 && slices.ContainsFunc(names, is) {
			return time.Month(i + 1), true
		}
	}
	return 0, false
}

// latest is the year of the latest such month that has begun.
func latest(month time.Month, now time.Time) int {
	if month > now.Month() {
		return now.Year() - 1
	}
	return now.Year()
}

func dayOfMonth(number, name string, year int, known bool) (storage.Span, bool) {
	month, named := readMonth(name)
	day, err := strconv.Atoi(strings.TrimSuffix(number, "."))
	on := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	return dated(on), known && named && err == nil && on.Month() == month && on.Day() == day
}

// spanOf is so many years and months from a day on.
func spanOf(from time.Time, years, months int) storage.Span {
	return storage.Span{From: from.Format(time.DateOnly), To: from.AddDate(years, months, -1).Format(time.DateOnly)}
}

func dated(on time.Time) storage.Span {
	return storage.Span{From: on.Format(time.DateOnly), To: on.Format(time.DateOnly)}
}

// Within returns the days that lie in both spans; an empty date leaves that side open.
func Within(a, b storage.Span) storage.Span {
	a.From = max(a.From, b.From)
	if a.To == "" || b.To != "" && b.To < a.To {
		a.To = b.To
	}
	return a
}
