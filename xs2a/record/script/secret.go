package script

import (
	"regexp"
	"strings"
	"unicode"
)

// Names of secrets that mean something to whoever fills them in.
const (
	Token        = "token" // what a Bearer header sends
	RefreshToken = "refresh_token"
	ClientSecret = "client_secret"
	State        = "state" // of a return; any text will do
)

// secretOf names the secret that stood under a name.
func secretOf(name, scheme string) string {
	switch strings.ToLower(name) {
	case "authorization", "proxy-authorization":
		if scheme == "" || strings.EqualFold(scheme, "bearer") || strings.EqualFold(scheme, "dpop") {
			return Token
		}
		return "credentials"
	case "access_token", "accesstoken":
		return Token
	case "":
		return "secret"
	}
	if plain := snake(name); plain != "" {
		return plain
	}
	return "secret"
}

var notInName = regexp.MustCompile(`[^a-z0-9]+`)

// snake writes a name such as scaAuthenticationData in small letters, with a sign
// between its words.
func snake(name string) string {
	var b strings.Builder
	letters := []rune(name)
	for i, r := range letters {
		if i > 0 && unicode.IsUpper(r) && !unicode.IsUpper(letters[i-1]) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	plain := strings.Trim(notInName.ReplaceAllString(b.String(), "_"), "_")
	if plain != "" && plain[0] >= '0' && plain[0] <= '9' {
		plain = "the_" + plain
	}
	const longest = 60
	return strings.Trim(plain[:min(len(plain), longest)], "_")
}

// secret is the variable of a secret: one that an earlier answer of the flow gave is
// taken from there, another is to be filled in.
func (w *writer) secret(what string) *Variable {
	key := w.at.FlowID + " " + what
	if gave, has := w.tokens[key]; has {
		if gave.variable == nil {
			gave.variable = w.take(gave, what)
			gave.variable.Secret, gave.variable.FlowID = what, w.at.FlowID
			w.tokens[key] = gave
		}
		return gave.variable
	}
	if w.secrets[key] == nil {
		w.secrets[key] = w.use(&Variable{Kind: Secret, Name: w.name(what), Secret: what, FlowID: w.at.FlowID})
	}
	return w.secrets[key]
}
