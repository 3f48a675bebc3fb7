package playback

import (
	"crypto/rand"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"consentry/xs2a/record"
)

// rewritten returns recorded text as it is said here and now.
func (s *Server) rewritten(text string) string {
	for strings.Contains(text, record.Redacted) {
		text = strings.Replace(text, record.Redacted, s.invent(), 1)
	}
	return s.here(moveDates(text, s.moved))
}

// invent returns a secret that nobody has to know.
func (s *Server) invent() string { return "replayed-" + rand.Text() }

// here writes the servers' addresses in the place of recorded ones, as they stand in texts,
// in JSON and in parameters.
func (s *Server) here(text string) string {
	for _, h := range s.plays {
		for _, form := range []func(string) string{plain, slashed, url.QueryEscape} {
			text = replaceOrigin(text, form(h.origin), form(h.address))
		}
	}
	return text
}

func plain(s string) string   { return s }
func slashed(s string) string { return strings.ReplaceAll(s, "/", `\/`) }

// replaceOrigin replaces an origin where its name ends.
func replaceOrigin(text, origin, by string) string {
	var b strings.Builder
	for {
		at := strings.Index(text, origin)
		if at < 0 {
			return b.String() + text
		}
		end := at + len(origin)
		b.WriteString(text[:at])
		if end < len(text) && goesOn(text[end:]) {
			b.WriteString(origin)
		} else {
			b.WriteString(by)
		}
		text = text[end:]
	}
}

// goesOn reports whether the name of a host goes on, or a port follows.
func goesOn(rest string) bool {
	c := rest[0]
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '-' || c == '.' && len(rest) > 1 && rest[1] != ' ' ||
		c == ':' || strings.HasPrefix(rest, "%3A")
}

// wholeDate is a value that is a day, or begins with one and goes on with a time: in JSON
// and in XML.
var wholeDate = regexp.MustCompile(`(["'>])(\d{4}-\d{2}-\d{2})((?:T[0-9:.,]+(?:Z|[+-][0-9:]{2,6})?)?)(["'<])`)

// moveDates moves days by so many, and leaves the time of the day.
func moveDates(text string, days int) string {
	if days == 0 {
		return text
	}
	return wholeDate.ReplaceAllStringFunc(text, func(found string) string {
		parts := wholeDate.FindStringSubmatch(found)
		day, err := time.Parse(time.DateOnly, parts[2])
		if err != nil || day.Year() >= 9000 { // 9999-12-31 is no day, but for ever
			return found
		}
		return parts[1] + day.AddDate(0, 0, days).Format(time.DateOnly) + parts[3] + parts[4]
	})
}

// originsOf lists the origins for which there are to be servers: those that were asked, then
// those that answers lead to, but not where the client itself answers.
func originsOf(exchanges []record.Exchange) (origins []string) {
	own := map[string]bool{}
	add := func(address string) {
		u, err := url.Parse(address)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return
		}
		origin := u.Scheme + "://" + strings.ToLower(u.Host)
		if !own[origin] && len(origins) < mostOrigins && !slices.Contains(origins, origin) {
			origins = append(origins, origin)
		}
	}
	for _, e := range exchanges {
		for _, back := range []string{e.Request.Get("TPP-Redirect-URI"), e.Request.Get("TPP-Nok-Redirect-URI"), leavesOf(e.Request.Body)["redirect_uri"]} {
			if u, err := url.Parse(back); err == nil && back != "" {
				own[u.Scheme+"://"+strings.ToLower(u.Host)] = true
			}
		}
	}
	for _, e := range exchanges {
		add(e.URL)
	}
	for _, e := range exchanges {
		for _, link := range linksOf(e.Answer.Body) {
			add(link)
		}
		add(e.Answer.Get("Location"))
	}
	return origins
}

// linksOf lists where the next steps of an answer are, and the endpoints of a server; not its
// pictures.
func linksOf(body string) (links []string) {
	var v any
	if json.Unmarshal([]byte(body), &v) != nil {
		return nil
	}
	leaves := map[string]string{}
	collect(leaves, "", v)
	for place, value := range leaves {
		step := strings.Contains(place, "_links") || strings.HasSuffix(place, "_endpoint")
		if step && (strings.HasPrefix(value, "https://") || strings.HasPrefix(value, "http://")) {
			links = append(links, value)
		}
	}
	slices.Sort(links)
	return links
}
