package sandbox

import (
	"slices"
	"testing"
)

// TestTheControlBooks books on an account, changes what was booked, and has the bank tell of it in each way.
func TestTheControlBooks(t *testing.T) {
	server := startSandbox(t, Config{Now: newClock().now})
	p, with := linked(t, server, "rheintor", "lukas")
	before, _ := p.listed(with)
	post := func(more map[string]any) map[string]any {
		body := map[string]any{"bank": "rheintor", "psu": "lukas", "account": 0}
		for name, value := range more {
			body[name] = value
		}
		return body
	}
	said := p.control("POST", "books", post(map[string]any{"entries": []map[string]any{
		{"amount": "-12.50", "name": "Kiosk", "text": "Coffee"}, {"amount": "4.00", "pending": true},
	}})).want(200)
	numbers := said.get("numbers").([]any)
	if len(numbers) != 2 {
		t.Fatalf("numbers %v", numbers)
	}
	if dates, _ := p.listed(with); len(dates) != len(before)+1 {
		t.Errorf("%d entries are listed, before there were %d", len(dates), len(before))
	}
	p.control("POST", "books", post(map[string]any{"entries": []map[string]any{{"number": numbers[0], "dropped": true}, {"number": numbers[1], "pending": false}}})).want(200)
	if dates, _ := p.listed(with); len(dates) != len(before)+1 {
		t.Errorf("one dropped and one booked: %d entries are listed", len(dates))
	}
	statuses := map[string]int{}
	for _, one := range p.control("GET", "books?bank=rheintor&psu=lukas&account=0", nil).want(200).get("entries").([]any) {
		statuses[one.(map[string]any)["status"].(string)]++
	}
	if statuses["booked"] < len(before)+1 || statuses["dropped"] != 1 {
		t.Errorf("on the books: %v", statuses)
	}

	for ids, own := range map[string]bool{"own": true, "anew": true, "places": false, "same": false} {
		p.control("POST", "books", post(map[string]any{"conduct": map[string]any{"ids": ids, "order": "oldest", "page": 7, "offset": true}})).want(200)
		dates, listed := p.listed(with)
		if len(dates) != len(before)+1 || !slices.IsSorted(dates) || own != (len(listed) == len(dates)) {
			t.Errorf("%s: %d entries with %d ids", ids, len(dates), len(listed))
		}
	}
	for _, wrong := range []map[string]any{
		{"conduct": map[string]any{"ids": "none of these"}}, {"conduct": map[string]any{"order": "any"}}, {"conduct": map[string]any{"page": -1}}, {"account": 9},
		{"entries": []map[string]any{{"amount": "0"}}}, {"entries": []map[string]any{{"amount": "-1", "date": "2999-01-01"}}}, {"entries": []map[string]any{{"number": 1, "text": "x"}}},
	} {
		p.control("POST", "books", post(wrong)).want(400)
	}
}
