// Package visitor is a person with a browser at the practice banks' pages, for
// tests that need one and no real browser: it follows links, fills in the
// forms it is shown, and stops where the bank sends it back.
package visitor

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// Person is who visits: a practice login, and what they do.
type Person struct {
	Login, Password, Code string
	Deny                  bool // says no as soon as there is a button for it
}

// maxPages bounds a visit; a bank has four pages at most.
const maxPages = 10

// Visit opens a bank's page and goes through to the end. It returns the address
// the bank sends the person back to, which is not opened.
func (p Person) Visit(address string) (back *url.URL, err error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	browser := &http.Client{Jar: jar, CheckRedirect: func(req *http.Request, _ []*http.Request) error {
		if isReturn(req.URL) {
			back = req.URL
			return http.ErrUseLastResponse
		}
		return nil
	}}
	res, err := browser.Get(address)
	for range maxPages {
		if err != nil {
			return nil, err
		}
		if back != nil {
			return back, res.Body.Close()
		}
		next, err := p.fill(res)
		if err != nil {
			return nil, err
		}
		res, err = browser.PostForm(next.action, next.values)
		if err != nil {
			return nil, err
		}
	}
	return nil, errors.New("the bank shows page after page")
}

// Answer answers the one form of a page that leads nowhere afterwards: the
// bank's app on a telephone.
func (p Person) Answer(address string) error {
	res, err := http.Get(address)
	if err != nil {
		return err
	}
	form, err := p.fill(res)
	if err != nil {
		return err
	}
	if res, err = http.PostForm(form.action, form.values); err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("the bank's app answered %s", res.Status)
	}
	return nil
}

// AnswerPhone opens the page that stands for the person's telephone, of a
// decoupled approval, and approves there, or denies.
func (p Person) AnswerPhone(address string) error {
	res, err := http.Get(address)
	if err != nil {
		return err
	}
	form, err := p.fill(res)
	if err != nil {
		return err
	}
	if res, err = http.PostForm(form.action, form.values); err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		err = fmt.Errorf("the telephone answers %s", res.Status)
	}
	return errors.Join(err, res.Body.Close())
}

// isReturn reports whether an address is the program's return address rather than a
// page of the bank.
func isReturn(u *url.URL) bool { return u.Path == "/callback" }

type filled struct {
	action string
	values url.Values
}

// fill answers the first form of a page that asks for something.
func (p Person) fill(res *http.Response) (filled, error) {
	defer res.Body.Close()
	page, err := html.Parse(res.Body)
	if err != nil {
		return filled{}, err
	}
	form := find(page, func(n *html.Node) bool { return n.Data == "form" && attr(n, "method") == "post" })
	if form == nil {
		return filled{}, fmt.Errorf("no form on the bank's page (%s): %s", res.Status, strings.Join(strings.Fields(words(page)), " "))
	}
	action, err := res.Request.URL.Parse(attr(form, "action"))
	if err != nil {
		return filled{}, err
	}
	answers := map[string]string{"login": p.Login, "password": p.Password, "code": p.Code}
	values := url.Values{}
	each(form, func(n *html.Node) {
		name, value := attr(n, "name"), attr(n, "value")
		switch {
		case n.Data == "input" && attr(n, "type") == "hidden":
			values.Add(name, value)
		case n.Data == "input" && attr(n, "type") == "checkbox" && has(n, "checked"):
			values.Add(name, value)
		case n.Data == "input" && answers[name] != "":
			values.Set(name, answers[name])
		case n.Data == "button" && name == "action" && (value == "deny") == p.Deny:
			values.Set(name, value)
		}
	})
	return filled{action.String(), values}, nil
}

func each(n *html.Node, visit func(*html.Node)) {
	if n.Type == html.ElementNode {
		visit(n)
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		each(child, visit)
	}
}

func find(n *html.Node, is func(*html.Node) bool) (found *html.Node) {
	each(n, func(n *html.Node) {
		if found == nil && is(n) {
			found = n
		}
	})
	return found
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

func words(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data + " "
	}
	var b strings.Builder
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		b.WriteString(words(child))
	}
	return b.String()
}
