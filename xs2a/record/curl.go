package record

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Curl writes the request of an exchange as a command for a POSIX shell. What
// was redacted stands in it as a shell variable, such as $TOKEN, which whoever
// runs it sets before. What is not kept of the request is said in comments.
func (e Exchange) Curl() string {
	command, _ := e.curl()
	return command
}

// CurlVariables names the shell variables of the command, in the order they
// first stand in it.
func (e Exchange) CurlVariables() []string {
	_, variables := e.curl()
	return variables
}

func (e Exchange) curl() (command string, variables []string) {
	word := func(text, fallback string) string {
		quoted, names := shellQuote(text, fallback)
		for _, name := range names {
			if !slices.Contains(variables, name) {
				variables = append(variables, name)
			}
		}
		return quoted
	}
	lines := []string{"curl --globoff --path-as-is --request " + word(oneLine(e.Method), fallbackVariable), "--url " + word(oneLine(e.URL), fallbackVariable)}
	for _, field := range e.Request.Header {
		// curl works the length out itself, and a name that is none would be read as a file's.
		if field.Name == "Content-Length" || !headerName.MatchString(field.Name) {
			continue
		}
		line := field.Name + ": " + oneLine(field.Value)
		if field.Value == "" {
			line = field.Name + ";" // curl's way to send a header without a value
		}
		lines = append(lines, "--header "+word(line, headerVariable(field.Name)))
	}
	if e.Request.Body != "" {
		lines = append(lines, "--data-raw "+word(strings.ReplaceAll(e.Request.Body, "\x00", ""), fallbackVariable))
	}
	return e.Request.missing() + strings.Join(lines, " \\\n  "), variables
}

// Incomplete reports whether a part of the message was not kept.
func (m Message) Incomplete() bool { return len(m.Missing()) > 0 }

// Missing says in sentences what is not kept of a message that was there.
func (m Message) Missing() (sentences []string) {
	if m.HeaderLetGo {
		sentences = append(sentences, "The header is missing: it was let go to make room.")
	}
	switch {
	case m.BodyLetGo:
		sentences = append(sentences, "The body is missing: it was let go to make room.")
	case m.Binary:
		sentences = append(sentences, "The body is missing: it is no text and was not kept.")
	case m.Cut && m.Left > 0:
		sentences = append(sentences, "The body is cut: "+strconv.FormatInt(m.Left, 10)+" bytes at its end are missing.")
	case m.Cut:
		sentences = append(sentences, "The body is cut: its end is missing.")
	}
	return sentences
}

// missing says in comments of the shell what of a request is not in its command.
func (m Message) missing() (comments string) {
	for _, sentence := range m.Missing() {
		comments += "# " + sentence + "\n"
	}
	return comments
}

// fallbackVariable is for a secret without a name.
const fallbackVariable = "SECRET"

var (
	headerName = regexp.MustCompile("^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")

	// takenOut is what stands for a secret or certificate.
	takenOut = regexp.MustCompile(`«redacted»|«certificate, SHA-256 [0-9a-f]{64}»`)

	// before is the name that stands before a secret: of a parameter or of a
	// member.
	before = regexp.MustCompile(`([A-Za-z0-9_\-]+)(?:=|"\s*:\s*)"?$`)
)

// shellQuote writes a text as one word of the shell, and names the variables
// in it. Between single quotes nothing has a meaning but the single quote
// itself (POSIX 2.2.2).
func shellQuote(text, fallback string) (word string, variables []string) {
	var b strings.Builder
	b.WriteByte('\'')
	rest := text
	for {
		at := takenOut.FindStringIndex(rest)
		if at == nil {
			break
		}
		name := variable(rest[:at[0]], rest[at[0]:at[1]], fallback)
		variables = append(variables, name)
		b.WriteString(singleQuotes.Replace(rest[:at[0]]) + `'"${` + name + `}"'`)
		rest = rest[at[1]:]
	}
	b.WriteString(singleQuotes.Replace(rest) + "'")
	return b.String(), variables
}

// singleQuotes closes the word, writes the quote by itself, and opens it again.
var singleQuotes = strings.NewReplacer("'", `'\''`)

// variable names the variable for a secret after the name it stands under.
// Only names of secrets count: a bank's text must not reach for $PATH.
func variable(preceding, mark, fallback string) string {
	if mark != Redacted {
		return "CERTIFICATE"
	}
	if found := before.FindStringSubmatch(preceding); found != nil && secretName(found[1]) {
		return shellName(found[1])
	}
	return fallback
}

// headerVariable is the variable for a secret header.
func headerVariable(name string) string {
	switch strings.ToLower(name) {
	case "authorization", "proxy-authorization":
		return "TOKEN"
	case "signature", "x-jws-signature":
		return "SIGNATURE"
	case "digest", "content-digest", "repr-digest":
		return "DIGEST"
	case "cookie":
		return "COOKIE"
	}
	return fallbackVariable
}

var notInName = regexp.MustCompile(`[^A-Za-z0-9]+`)

func shellName(name string) string {
	name = strings.Trim(strings.ToUpper(notInName.ReplaceAllString(name, "_")), "_")
	if name == "" || name[0] >= '0' && name[0] <= '9' {
		return fallbackVariable
	}
	return name
}

// oneLine keeps a header or address from becoming two.
func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' || r == 0x7f {
			return ' '
		}
		return r
	}, text)
}
