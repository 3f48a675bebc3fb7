package main

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"text/template"
)

var update = flag.Bool("update", false, "write what is made of the program to the files that are held to it")

// The manual page has its prose in a file of its own, and its commands and options from the program: what is printed by
// "consentry help" and "consentry COMMAND -h".
const (
	manSource = "build/linux/consentry.1.tmpl"
	manPage   = "build/linux/consentry.1"
)

// manCommand is a command as the manual has it.
type manCommand struct {
	Name, Arguments, Does string
	Says                  []string // paragraphs of its own help
	Options               []manOption
}

// manOption is an option of a command.
type manOption struct{ Name, Value, Does string }

// TestManual holds the manual page to the program. "go test . -run Manual -update" writes it.
func TestManual(t *testing.T) {
	page, err := template.New(filepath.Base(manSource)).Funcs(template.FuncMap{"roff": roff}).ParseFiles(manSource)
	if err != nil {
		t.Fatal(err)
	}
	var written bytes.Buffer
	if err := page.Execute(&written, manCommands(t)); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(manPage, written.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	there, err := os.ReadFile(manPage)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(there, written.Bytes()) {
		t.Errorf("%s does not say what the program does: go test . -run Manual -update", manPage)
	}
}

// manCommands are the commands the program lists, with what each says of itself.
func manCommands(t *testing.T) (all []manCommand) {
	t.Helper()
	for _, found := range regexp.MustCompile(`(?m)^  consentry( [a-z]+)?( [A-Z\[\]]+)* {2,}(.*)$`).FindAllStringSubmatch(usage, -1) {
		command := manCommand{Name: strings.TrimSpace(found[1]), Arguments: strings.TrimSpace(found[2]), Does: found[3]}
		if command.Name != "version" { // it takes nothing
			command.ask(t)
		}
		all = append(all, command)
	}
	if len(all) != strings.Count(usage, "\n  consentry") {
		t.Errorf("%d of the commands in the usage were understood", len(all))
	}
	return all
}

// ask has the program explain the command.
func (c *manCommand) ask(t *testing.T) {
	t.Helper()
	var said bytes.Buffer
	arguments := []string{"-h"}
	if c.Name != "" {
		arguments = []string{c.Name, "-h"}
	}
	if err := run(t.Context(), arguments, &said, &said); !errors.Is(err, flag.ErrHelp) {
		t.Fatalf("consentry %s -h: %v", c.Name, err)
	}
	option := regexp.MustCompile(`(?m)^  -([a-z-]+)(?: ([a-z]+))?(?:\n    )?\t(.*)$`)
	for _, found := range option.FindAllStringSubmatch(said.String(), -1) {
		c.Options = append(c.Options, manOption{found[1], found[2], found[3]})
	}
	if len(c.Options) != strings.Count(said.String(), "\n  -") || len(c.Options) == 0 {
		t.Errorf("consentry %s: %d options were understood of\n%s", c.Name, len(c.Options), said.String())
	}
	prose, _, _ := strings.Cut(said.String(), "\n  -")
	headings := regexp.MustCompile(`^($|Usage|Options of |Consentry:|consentry )`)
	for paragraph := range strings.SplitSeq(prose, "\n\n") {
		paragraph = strings.Join(strings.Fields(paragraph), " ")
		if !headings.MatchString(paragraph) {
			c.Says = append(c.Says, paragraph)
		}
	}
}

// roff writes text so that the formatter takes no part of it for a request.
func roff(text string) string {
	text = strings.NewReplacer(`\`, `\e`, "-", `\-`, "…", "...").Replace(text)
	if strings.HasPrefix(text, ".") || strings.HasPrefix(text, "'") {
		text = `\&` + text
	}
	return text
}
