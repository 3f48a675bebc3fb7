package page

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestEveryLanguageIsWhole holds words.json to what the sources say: nothing is missing, nothing is said by nothing,
// what stands in a text stands in its translation, too, and nothing was left in English.
func TestEveryLanguageIsWhole(t *testing.T) {
	t.Parallel()
	said := texts(t)
	if len(said) < 80 {
		t.Fatalf("only %d texts were found", len(said))
	}
	same := map[string]bool{"%s": true, "Practice login": true}
	for _, l := range languages {
		for _, text := range said {
			switch has := translated()[Text(text)][l.tag]; {
			case has == "":
				t.Errorf("%s lacks %q", l.tag, text)
			case !slices.Equal(verbs(has), verbs(text)):
				t.Errorf("%s: %q has the verbs %q, not %q", l.tag, has, verbs(has), verbs(text))
			case has == text && !same[text] && strings.Contains(text, " "):
				t.Errorf("%s: %q is English still", l.tag, text)
			}
		}
		if len(l.months) != 12 {
			t.Errorf("%s has %d months", l.tag, len(l.months))
		}
	}
	for text := range translated() {
		if !slices.Contains(said, string(text)) {
			t.Errorf("nothing says %q", text)
		}
	}
}

var verb = regexp.MustCompile(`%(?:\[(\d+)\])?([a-z])`)

// verbs are the arguments of a text, in the order of their places.
func verbs(text string) (all []string) {
	next := 1
	for _, found := range verb.FindAllStringSubmatch(text, -1) {
		if at, err := strconv.Atoi(found[1]); err == nil {
			next = at
		}
		all = append(all, strconv.Itoa(next)+found[2])
		next++
	}
	slices.Sort(all)
	return all
}

// texts are all that the banks' pages say, as it stands in the code: where a function of these takes a text, and where a variable holds some.
func texts(t *testing.T) []string {
	t.Helper()
	takes := map[string]int{ // the function by its name, and from which argument on it takes texts
		"say": 1, "Say": 0, "emphasised": 0, "Closed": 1, "Done": 1, "Wrong": 2, "buttons": 2,
	}
	all := map[string]bool{"English": true}
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	above, err := filepath.Glob("../*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range append(files, above...) {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		add := func(node ast.Expr) {
			if literal, is := node.(*ast.BasicLit); is && literal.Kind == token.STRING {
				if text, err := strconv.Unquote(literal.Value); err == nil && text != "" && text != "next" && text != "approve" {
					all[text] = true
				}
			}
		}
		ast.Inspect(file, func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.CallExpr:
				name := ""
				switch called := node.Fun.(type) {
				case *ast.Ident:
					name = called.Name
				case *ast.SelectorExpr:
					name = called.Sel.Name
				}
				if from, is := takes[name]; is {
					for at, argument := range node.Args {
						if at == from || at > from && (name == "Closed" || name == "Done") {
							add(argument)
						}
					}
				}
			case *ast.KeyValueExpr:
				if name, is := node.Key.(*ast.Ident); is && name.Name == "Label" {
					add(node.Value)
				}
			case *ast.CompositeLit: // of texts
				if isText(node.Type) {
					for _, element := range node.Elts {
						if pair, is := element.(*ast.KeyValueExpr); is {
							element = pair.Value
						}
						add(element)
					}
				}
			case *ast.FuncDecl:
				if results := node.Type.Results; results != nil && len(results.List) == 1 && namesText(results.List[0].Type) {
					ast.Inspect(node.Body, func(below ast.Node) bool {
						if back, is := below.(*ast.ReturnStmt); is && len(back.Results) == 1 {
							add(back.Results[0])
						}
						return true
					})
				}
			}
			return true
		})
	}
	return slices.Sorted(maps.Keys(all))
}

// isText reports whether a type is one of several texts.
func isText(of ast.Expr) bool {
	switch of := of.(type) {
	case *ast.ArrayType:
		return namesText(of.Elt)
	case *ast.MapType:
		return namesText(of.Value)
	}
	return false
}

func namesText(of ast.Expr) bool {
	switch of := of.(type) {
	case *ast.Ident:
		return of.Name == "Text"
	case *ast.SelectorExpr:
		return of.Sel.Name == "Text"
	}
	return false
}
