package conformance

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"strings"
	"testing"
)

const listed = `{"openapi": "3.0.1", "info": {"title": "A directory", "version": "1"}, "paths": {"/v1/things": {"get": {"responses": {"200": {
	"description": "OK", "content": {"application/json": {"schema": SCHEMA, "example": EXAMPLE}}}}}}}}`

// TestKnownMistakesAreMistakes: one that the definition no longer makes, or never
// made, is no reason to change it.
func TestKnownMistakesAreMistakes(t *testing.T) {
	const bare, inMember = `{"type": "array", "items": {"type": "string", "pattern": "[a-z]+"}}`, `{"type": "object", "properties": {"things": {"type": "array", "items": {"type": "string", "pattern": "[a-z]+"}}}}`
	things := enveloped("/v1/things", "things")
	for name, test := range map[string]struct {
		schema, example string
		mistake         Mistake
		good            bool
	}{
		"the mistake":           {bare, `{"things": ["one"]}`, things, true},
		"mended since":          {inMember, `{"things": ["one"]}`, things, false},
		"bare in both":          {bare, `["one"]`, things, false},
		"another envelope":      {bare, `{"things": ["one"]}`, enveloped("/v1/things", "items"), false},
		"no such operation":     {bare, `{"things": ["one"]}`, enveloped("/v1/other", "things"), false},
		"no list in the member": {bare, `{"things": "one"}`, things, false},
		"patterns":              {bare, `["one"]`, Mistake{mend: anchor}, true},
		"no patterns":           {`{"type": "array"}`, `["one"]`, Mistake{mend: anchor}, false},
		"formats":               {`{"type": "string", "format": "ipv4"}`, `"one"`, Mistake{mend: forgets("ipv4")}, true},
		"no such formats":       {`{"type": "string", "format": "ipv6"}`, `"one"`, Mistake{mend: forgets("ipv4")}, false},
		"no several forms":      {bare, `["one"]`, Mistake{mend: loosen}, false},
		"several forms":         {`{"oneOf": [{"type": "string"}, {"type": "array"}]}`, `["one"]`, Mistake{mend: loosen}, true},
	} {
		content := strings.NewReplacer("SCHEMA", test.schema, "EXAMPLE", test.example).Replace(listed)
		if _, err := Read([]byte(content), test.mistake); (err == nil) != test.good {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestDefinitionsAreUnchanged holds what is part of the program to what was published,
// which NOTICE names.
func TestDefinitionsAreUnchanged(t *testing.T) {
	notice, err := os.ReadFile("../../NOTICE")
	if err != nil {
		t.Fatal(err)
	}
	for _, source := range Sources {
		content, err := source.Content()
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(content)
		if line := hex.EncodeToString(sum[:]) + "  " + source.File; !strings.Contains(string(notice), line) {
			t.Errorf("NOTICE does not say %s", line)
		}
	}
}
