package conformance

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const listed = `{"openapi": "3.0.1", "info": {"title": "A directory", "version": "1"}, "paths": {"/things": {"get": {"responses": {"200": {
	"description": "OK", "content": {"application/json": {"schema": SCHEMA, "example": EXAMPLE}}}}}}}}`

// TestKnownMistakesAreMistakes: one that the definition no longer makes, or never
// made, is no reason to change it.
func TestKnownMistakesAreMistakes(t *testing.T) {
	const bare, enveloped = `{"type": "array", "items": {"type": "string", "pattern": "[a-z]+"}}`, `{"type": "object", "properties": {"things": {"type": "array", "items": {"type": "string", "pattern": "[a-z]+"}}}}`
	for name, test := range map[string]struct {
		schema, example string
		mistake         Mistake
		good            bool
	}{
		"the mistake":           {bare, `{"things": ["one"]}`, Mistake{"/things", "things"}, true},
		"mended since":          {enveloped, `{"things": ["one"]}`, Mistake{"/things", "things"}, false},
		"bare in both":          {bare, `["one"]`, Mistake{"/things", "things"}, false},
		"another envelope":      {bare, `{"things": ["one"]}`, Mistake{"/things", "items"}, false},
		"no such operation":     {bare, `{"things": ["one"]}`, Mistake{"/other", "things"}, false},
		"no list in the member": {bare, `{"things": "one"}`, Mistake{"/things", "things"}, false},
	} {
		file := filepath.Join(t.TempDir(), "definition.json")
		if err := os.WriteFile(file, []byte(strings.NewReplacer("SCHEMA", test.schema, "EXAMPLE", test.example).Replace(listed)), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Load(file, "", test.mistake); (err == nil) != test.good {
			t.Errorf("%s: %v", name, err)
		}
	}
}
