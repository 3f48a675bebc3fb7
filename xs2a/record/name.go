package record

import (
	"slices"
	"strings"
	"unicode"
)

// The second net takes out what has the name of a secret, in headers, queries,
// forms, JSON, XML and plain text alike. It is wide: what is taken out for its
// name alone can be missed, and a secret cannot be taken back.

// secretNames are names of secrets as a whole: in other names their words mean
// something else. All are without signs, in small letters.
var secretNames = wordSet("authorization", "proxyauthorization", "state", "idtokenhint", "scaauthenticationdata", "authenticationdata", "sid")

// secretWords are words of which a name is made when a secret stands under it.
var secretWords = wordSet("pass", "passwd", "password", "passwort", "passphrase", "passcode", "passkey", "kennwort", "pwd", "pw", "pin", "otp", "totp", "hotp",
	"tan", "mtan", "puk", "cvv", "cvc", "code", "secret", "session", "sessid", "ticket", "jwt", "auth", "token", "credential", "cookie", "assertion", "nonce", "verifier",
	"saml", "bearer", "csrf", "xsrf", "apikey", "privatekey", "accesskey", "signingkey")

// secretParts make a secret of a word they stand in; secretEnds, of one that
// ends so. Names in small letters alone are not cut into words.
var (
	secretParts = []string{"password", "passwd", "passwort", "passphrase", "passcode", "secret", "session", "sessid", "credential", "scaauthenticationdata"}
	secretEnds  = []string{"token", "cookie", "ticket", "jwt", "pwd", "otp", "pass", "pin", "verifier", "apikey", "privatekey", "assertion"}
	// harmlessEnds end so and are other words.
	harmlessEnds = wordSet("compass", "bypass", "encompass", "surpass", "spin")
)

// keysBefore make a key a secret one.
var keysBefore = wordSet("api", "private", "access", "session", "encryption", "shared", "signing", "master")

// descriptions end names that say something about a secret, not it.
var descriptions = wordSet("max", "length", "len", "format", "type", "method", "methods", "endpoint", "uri", "url", "supported", "status", "version", "lifetime",
	"expires", "expiry", "expiration", "algorithm", "alg", "description", "label", "attempts", "remaining", "required", "date", "time", "at", "in",
	"challenge", "level", "server", "issuer", "mode", "count", "policy")

// codesOf are the words before "code" that make it one that everybody may read.
var codesOf = wordSet("bank", "transaction", "purpose", "bic", "currency", "country", "category", "merchant", "post", "postal", "zip", "status", "error",
	"message", "reason", "return", "response", "result", "product", "branch", "sort", "language", "swift", "region", "clearing", "type", "fault",
	"http", "rejection", "province", "tax", "charge", "fee", "instruction", "local", "instrument", "service", "account", "iso", "mcc", "family", "subfamily",
	"domain", "detail", "event", "entry", "agency", "unit", "business", "qr", "bar", "colour", "reference", "method", "city", "institution", "member",
	"exchange", "party", "usage", "scheme", "priority", "relation", "location", "de", "en", "uni", "geo", "warning", "refusal", "tpp")

func wordSet(words ...string) map[string]bool {
	all := make(map[string]bool, len(words))
	for _, word := range words {
		all[word] = true
	}
	return all
}

// longestName bounds what is looked at of a name, from its end.
const longestName = 200

// secretName reports whether a name is one of a secret's.
func secretName(name string) bool {
	words := nameWords(name)
	if len(words) == 0 {
		return false
	}
	if secretNames[strings.Join(words, "")] {
		return true
	}
	if len(words) > 1 && descriptions[words[len(words)-1]] {
		return false
	}
	for i, word := range words {
		before := ""
		if i > 0 {
			before = words[i-1]
		}
		if secretWord(word, before) {
			return true
		}
	}
	return false
}

func secretWord(word, before string) bool {
	if word == "key" {
		return keysBefore[before]
	}
	if prefix, isCode := strings.CutSuffix(word, "code"); isCode && (prefix != "" || before != "") {
		if prefix == "" {
			prefix = before
		}
		return !codesOf[prefix]
	}
	if secretWords[word] {
		return true
	}
	if harmlessEnds[word] {
		return false
	}
	return slices.ContainsFunc(secretParts, func(part string) bool { return strings.Contains(word, part) }) ||
		slices.ContainsFunc(secretEnds, func(end string) bool { return strings.HasSuffix(word, end) })
}

// nameWords cuts a name into its words, in small letters, each as if there were
// one of it and without a number at its end.
func nameWords(name string) (words []string) {
	name = strings.ReplaceAll(name[max(len(name)-longestName, 0):], "OAuth", "Oauth")
	letters := []rune(name)
	from := 0
	for i := 0; i <= len(letters); i++ {
		if i < len(letters) && (unicode.IsLetter(letters[i]) || unicode.IsDigit(letters[i])) && !beginsWord(letters, from, i) {
			continue
		}
		if word := singular(strings.TrimRight(strings.ToLower(string(letters[from:i])), "0123456789")); word != "" {
			words = append(words, word)
		}
		if from = i; i < len(letters) && !unicode.IsLetter(letters[i]) && !unicode.IsDigit(letters[i]) {
			from++
		}
	}
	return words
}

// beginsWord reports whether a capital begins another word: after a small letter,
// or as the last of several before one.
func beginsWord(letters []rune, from, i int) bool {
	if i == from || !unicode.IsUpper(letters[i]) {
		return false
	}
	return !unicode.IsUpper(letters[i-1]) || i+1 < len(letters) && unicode.IsLower(letters[i+1])
}

func singular(word string) string {
	if stem, found := strings.CutSuffix(word, "ies"); found {
		return stem + "y"
	}
	if len(word) > 3 && strings.HasSuffix(word, "s") && !strings.HasSuffix(word, "ss") && !descriptions[word] {
		return word[:len(word)-1]
	}
	return word
}

// bareCode reports whether a name is "code", which says nothing about of what.
func bareCode(name string) bool {
	words := nameWords(name)
	return len(words) == 1 && words[0] == "code"
}

// telling reports whether what stands under a name in something else, such as an
// object, is a code that everybody may read: of a message, a country, a purpose.
func telling(within string) bool {
	words := nameWords(within)
	if len(words) == 0 {
		return false
	}
	last := words[len(words)-1]
	return codesOf[last] || strings.HasSuffix(last, "code") && !secretName(within)
}
