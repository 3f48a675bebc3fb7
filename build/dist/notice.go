package main

import (
	"fmt"
	"os"
	"regexp"
	"strings"
)

// named are the licences that NOTICE calls by name, with their SPDX identifiers.
var named = map[string]string{
	"SIL Open Font License 1.1": "OFL-1.1",
	"Zero-Clause BSD":           "0BSD",
	"MIT License":               "MIT",
	"Creative Commons Attribution 4.0 International": "CC-BY-4.0",
}

var (
	noticeTitle   = regexp.MustCompile(`^(.*?) ([0-9][0-9.]*)(, .*)?$`)
	noticeLicence = regexp.MustCompile(`(?m)^    ([^:\n]+): (\S+)$`)
)

// filesOfOthers are the parts that NOTICE lists and that are in the program, with their licences: those it keeps in the
// checkout, or names by an address.
func (d *dist) filesOfOthers() (parts []part, err error) {
	notice, err := os.ReadFile(d.source("NOTICE"))
	if err != nil {
		return nil, err
	}
	for block := range strings.SplitSeq(string(notice), "\n\n") {
		title, rest, _ := strings.Cut(strings.TrimSpace(block), "\n")
		if !strings.HasPrefix(rest, "    ") || strings.Contains(block, "Used by tests only") {
			continue
		}
		found := noticeTitle.FindStringSubmatch(title)
		if found == nil {
			return nil, fmt.Errorf("NOTICE: %q has no version", title)
		}
		p := part{Name: found[1] + found[3], Version: found[2]}
		for _, each := range noticeLicence.FindAllStringSubmatch(rest, -1) {
			id, known := named[each[1]]
			if !known {
				continue
			}
			p.ids = append(p.ids, id)
			if !strings.Contains(each[2], "://") {
				p.files = append(p.files, d.source(each[2]))
			}
		}
		if len(p.ids) != 1 {
			return nil, fmt.Errorf("NOTICE: %d licences of %q are known here", len(p.ids), title)
		}
		parts = append(parts, p)
	}
	return parts, nil
}
