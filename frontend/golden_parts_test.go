package frontend

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// parts are what a variant of a page shows otherwise than the page: what is
// not there, inside the elements around it. A comment stands for what both
// have, and names what only the page has. So page and parts together hold all
// that the variant shows.
func parts(t *testing.T, page, variant []byte) []byte {
	t.Helper()
	var d difference
	whole, here := slices.DeleteFunc(parsed(t, page), blank), slices.DeleteFunc(parsed(t, variant), blank)
	if len(here) > 0 && !hasKind(whole, here[0]) {
		// A piece that is sent to the browser alone: it is compared with what it takes the place of, if that is there.
		start, _ := tags(here[0])
		if whole = beginningWith(start, whole); whole != nil {
			fmt.Fprintf(&d, "<!-- from: %s -->", start)
		}
	}
	d.compare(whole, here)
	return onLines(d.Bytes())
}

func hasKind(nodes []*html.Node, like *html.Node) bool {
	return slices.ContainsFunc(nodes, func(node *html.Node) bool { return kind(node) == kind(like) })
}

// beginningWith finds an element anywhere, with those that follow beside it.
func beginningWith(start string, nodes []*html.Node) []*html.Node {
	for i, node := range nodes {
		if here, _ := tags(node); here == start {
			return nodes[i:]
		}
		if found := beginningWith(start, slices.Collect(node.ChildNodes())); found != nil {
			return found
		}
	}
	return nil
}

func blank(node *html.Node) bool {
	return node.Type == html.TextNode && strings.TrimSpace(node.Data) == ""
}

// parsed returns the nodes of a page, or of a piece of one.
func parsed(t *testing.T, text []byte) (nodes []*html.Node) {
	t.Helper()
	var err error
	if bytes.HasPrefix(text, []byte("<!doctype")) {
		var document *html.Node
		document, err = html.Parse(bytes.NewReader(text))
		nodes = []*html.Node{document}
	} else {
		nodes, err = html.ParseFragment(bytes.NewReader(text), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	}
	if err != nil {
		t.Fatal(err)
	}
	return nodes
}

// difference is written in the order of the variant.
type difference struct{ bytes.Buffer }

// compare goes along both lists, so that as much as possible is the same.
func (d *difference) compare(page, variant []*html.Node) {
	old, now := sources(page), sources(variant)
	common := commonLengths(old, now)
	var gone, here []*html.Node
	for i, j := 0, 0; i < len(old) || j < len(now); {
		switch {
		case i < len(old) && j < len(now) && old[i] == now[j]:
			d.between(gone, here)
			gone, here = nil, nil
			d.same()
			i, j = i+1, j+1
		case j == len(now) || i < len(old) && common[i+1][j] >= common[i][j+1]:
			gone = append(gone, page[i])
			i++
		default:
			here = append(here, variant[j])
			j++
		}
	}
	d.between(gone, here)
}

// between writes what stands between two nodes that both have. Of two elements
// of a kind only what is in them is compared, if there is more than a text.
func (d *difference) between(gone, here []*html.Node) {
	for _, node := range here {
		i := slices.IndexFunc(gone, func(other *html.Node) bool { return !leaf(node) && kind(other) == kind(node) })
		if i < 0 {
			d.WriteString(source(node))
			continue
		}
		d.missing(gone[:i])
		start, end := tags(node)
		d.WriteString(start)
		d.compare(slices.Collect(gone[i].ChildNodes()), slices.Collect(node.ChildNodes()))
		d.WriteString(end)
		gone = gone[i+1:]
	}
	d.missing(gone)
}

func leaf(node *html.Node) bool {
	return node.FirstChild == nil || node.FirstChild == node.LastChild && node.FirstChild.Type == html.TextNode
}

func (d *difference) same() {
	const mark = "<!-- … -->"
	if !bytes.HasSuffix(d.Bytes(), []byte(mark)) {
		d.WriteString(mark)
	}
}

// missing names what the page has and the variant has not, by its first words.
func (d *difference) missing(gone []*html.Node) {
	var names []string
	for _, node := range gone {
		if blank(node) {
			continue
		}
		start, _ := tags(node)
		words := []rune(strings.Join(strings.Fields(wordsOf(node)), " "))
		names = append(names, start+html.EscapeString(string(words[:min(len(words), 60)])))
	}
	if len(names) > 0 {
		fmt.Fprintf(d, "<!-- not: %s -->", strings.Join(names, " | "))
	}
}

// kind is the same for elements that do the same on both pages.
func kind(node *html.Node) string {
	kind := fmt.Sprint(node.Type)
	if node.Type == html.ElementNode {
		kind = node.Data
	}
	for _, a := range node.Attr {
		if a.Key == "id" || a.Key == "class" {
			kind += " " + a.Val
		}
	}
	return kind
}

// tags are the start and the end of an element as they are written.
func tags(node *html.Node) (start, end string) {
	if node.Type != html.ElementNode {
		return "", ""
	}
	alone := *node
	alone.FirstChild, alone.LastChild = nil, nil
	end = "</" + node.Data + ">"
	start, found := strings.CutSuffix(source(&alone), end)
	if !found {
		end = ""
	}
	return start, end
}

func wordsOf(node *html.Node) string {
	if node.Type == html.TextNode {
		return node.Data
	}
	var words strings.Builder
	for child := range node.ChildNodes() {
		words.WriteString(wordsOf(child) + " ")
	}
	return words.String()
}

func sources(nodes []*html.Node) []string {
	all := make([]string, len(nodes))
	for i, node := range nodes {
		all[i] = source(node)
	}
	return all
}

func source(node *html.Node) string {
	var s strings.Builder
	_ = html.Render(&s, node) // a builder takes everything
	return s.String()
}

// commonLengths says, for any two ends of the lists, how much they can share.
func commonLengths(a, b []string) [][]int {
	lengths := make([][]int, len(a)+1)
	lengths[len(a)] = make([]int, len(b)+1)
	for i := len(a) - 1; i >= 0; i-- {
		lengths[i] = make([]int, len(b)+1)
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				lengths[i][j] = lengths[i+1][j+1] + 1
			} else {
				lengths[i][j] = max(lengths[i+1][j], lengths[i][j+1])
			}
		}
	}
	return lengths
}

// Whatever a variant shows otherwise than the page stands in its parts.
func TestPartsTellEveryDifference(t *testing.T) {
	t.Parallel()
	const page = `<h1>Accounts</h1><ul class="rows"><li>One</li><li>Two</li></ul><p id="note">All of them</p>`
	for _, test := range []struct{ name, variant, want string }{
		{"nothing", page, `<!-- … -->`},
		{"a word", `<h1>Accounts</h1><ul class="rows"><li>One</li><li>Three</li></ul><p id="note">All of them</p>`,
			`<!-- … --><ul class="rows"><!-- … --><li>Three</li><!-- not: <li>Two --></ul><!-- … -->`},
		{"an attribute", `<h1>Accounts</h1><ul class="rows" hidden><li>One</li><li>Two</li></ul><p id="note">All of them</p>`,
			`<!-- … --><ul class="rows" hidden=""><!-- … --></ul><!-- … -->`},
		{"one more", `<h1>Accounts</h1><ul class="rows"><li>One</li><li>Two</li><li>Two</li></ul><p id="note">All of them</p>`,
			`<!-- … --><ul class="rows"><!-- … --><li>Two</li></ul><!-- … -->`},
		{"one gone", `<h1>Accounts</h1><ul class="rows"><li>Two</li></ul><p id="note">All of them</p>`,
			`<!-- … --><ul class="rows"><!-- not: <li>One --><!-- … --></ul><!-- … -->`},
		{"another order", `<h1>Accounts</h1><ul class="rows"><li>Two</li><li>One</li></ul><p id="note">All of them</p>`,
			`<!-- … --><ul class="rows"><!-- not: <li>One --><!-- … --><li>One</li></ul><!-- … -->`},
		{"another place", `<ul class="rows"><li>One</li><li>Two</li></ul><h1>Accounts</h1><p id="note">All of them</p>`,
			`<!-- not: <h1>Accounts --><!-- … --><h1>Accounts</h1><!-- … -->`},
		{"the first is gone", `<ul class="rows"><li>One</li><li>Two</li></ul><p id="note">All of them</p>`, `<!-- not: <h1>Accounts --><!-- … -->`},
		{"a piece", `<li>One</li>`, `<!-- from: <li> --><!-- … --><!-- not: <li>Two -->`},
		{"a piece of another page", `<ol><li>One</li></ol>`, `<ol><li>One</li></ol>`},
	} {
		t.Run(test.name, func(t *testing.T) {
			want := onLines([]byte(test.want))
			if got := parts(t, []byte(page), []byte(test.variant)); !bytes.Equal(got, want) {
				t.Errorf("got\n%s, want\n%s", got, want)
			}
		})
	}
}
