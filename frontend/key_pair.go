package frontend

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"consentry/app/bank"
	"consentry/app/failure"
	"consentry/frontend/ui"
	"consentry/frontend/words"
	"consentry/storage"
	"consentry/xs2a/eidas"
)

// maxCertificateFile bounds a certificate with its chain, as maxKeyFile does.
const maxCertificateFile = maxKeyFile

// keysView are the keys and certificates of an environment: those in use, and those that
// are made here. It holds no private key.
type keysView struct {
	Environment storage.Environment // without its secrets
	Parts       []keyPart
	Practice    bool // the practice banks are there, with their authority
	Now         time.Time
}

// keyPart is what there is for one purpose.
type keyPart struct {
	fields
	EnvironmentID string
	Purpose       bank.Purpose
	InUse         *certificateView // nil: none
	HasKey        bool             // a key is in use
	Pair          *bank.KeyPair    // nil: none was made, or it has its certificate
	Test          *certificateView // of the pair
	Form          keyForm
	Given         string       // a certificate, as it was put in
	Issued        *bank.Issued // what was put in, looked at
}

// keyForm is what a person says of a new key.
type keyForm struct {
	Algorithm   eidas.Algorithm
	Application eidas.Application
}

// keyCardWords are what is said of a purpose.
var keyCardWords = map[bank.Purpose]struct{ Title, None words.Text }{
	bank.ForSignatures:  {"Certificate for signatures (QSealC)", "Requests are not signed with anything yet."},
	bank.ForConnections: {"Certificate for connections (QWAC)", "Nothing is shown to the bank when connecting yet."},
}

// keys shows the keys and certificates of an environment.
func (s *Server) keys(w http.ResponseWriter, r *http.Request) error {
	view, err := s.keysOf(r)
	if err != nil {
		return err
	}
	return s.page(w, r, view.page(r.Context()), keysScreen(view))
}

// keysOf reads what there is; the practice banks bring theirs, and have no such page.
func (s *Server) keysOf(r *http.Request) (view keysView, err error) {
	banks := s.app.Banks()
	e, err := banks.Environment(r.Context(), r.PathValue("id"))
	if err != nil {
		return view, err
	}
	if e.Sandbox {
		return view, storage.ErrNotFound
	}
	pairs, err := banks.KeyPairs(r.Context(), e)
	if err != nil {
		return view, err
	}
	view = keysView{Environment: e.WithoutSecrets(), Practice: banks.HasPracticeAuthority(), Now: s.app.Clock().Now()}
	before := eidas.Application{Roles: []eidas.Role{eidas.AccountInformation}}
	for _, pair := range pairs { // what was said for one purpose is most of what is to be said for the other
		before = pair.Application
	}
	for _, purpose := range bank.Purposes {
		part := keyPart{EnvironmentID: e.ID, Purpose: purpose, Form: keyForm{eidas.RSA2048, before}}
		certificate, key := e.Certificate, e.Key
		if purpose == bank.ForConnections {
			certificate, key = e.TLSCertificate, e.TLSKey
		}
		part.InUse, part.HasKey = readCertificate(certificate), key != ""
		if pair, there := pairs[purpose]; there {
			part.Pair, part.Test, part.Form.Application = &pair, readCertificate(pair.Certificate), pair.Application
		}
		view.Parts = append(view.Parts, part)
	}
	return view, nil
}

func (view keysView) page(ctx context.Context) Page {
	return Page{Title: words.T(ctx, "Keys and certificates"), Section: SectionSettings}
}

// purposeIn is the purpose in an address, and whether it is one.
func purposeIn(r *http.Request) (bank.Purpose, bool) {
	purpose := bank.Purpose(r.PathValue("purpose"))
	return purpose, slices.Contains(bank.Purposes, purpose)
}

// changeKeys does something for a purpose and leads back to the page, which says what is
// to be corrected where it was not done. seen puts into the part what the person had typed.
func (s *Server) changeKeys(w http.ResponseWriter, r *http.Request, do func(purpose bank.Purpose) error, seen func(part *keyPart)) error {
	purpose, known := purposeIn(r)
	if !known {
		return storage.ErrNotFound
	}
	err := do(purpose)
	if errors.Is(err, errShown) {
		return nil
	}
	if err == nil {
		redirect(w, r, keysPath(r.PathValue("id"))+"#"+string(purpose))
		return nil
	}
	failed, told := asFailure(err)
	if !told {
		return err
	}
	return s.showPart(w, r, http.StatusUnprocessableEntity, purpose, func(part *keyPart) {
		part.Failure = failed
		if seen != nil {
			seen(part)
		}
	})
}

// showPart shows the page with something more in one part.
func (s *Server) showPart(w http.ResponseWriter, r *http.Request, status int, purpose bank.Purpose, more func(part *keyPart)) error {
	view, err := s.keysOf(r)
	if err != nil {
		return err
	}
	more(view.part(purpose))
	return s.pageStatus(w, r, status, view.page(r.Context()), keysScreen(view))
}

func (view keysView) part(purpose bank.Purpose) *keyPart {
	return &view.Parts[slices.Index(bank.Purposes, purpose)]
}

// makeKeyPair makes a key with the signing request for its certificate.
func (s *Server) makeKeyPair(w http.ResponseWriter, r *http.Request) error {
	form := readKeyForm(r)
	return s.changeKeys(w, r, func(purpose bank.Purpose) error {
		return s.app.Banks().MakeKeyPair(r.Context(), r.PathValue("id"), purpose, form.Algorithm, form.Application, r.PostFormValue("replace") != "")
	}, func(part *keyPart) { part.Form = form })
}

func readKeyForm(r *http.Request) keyForm {
	given := func(name string) string { return strings.TrimSpace(r.PostFormValue(name)) }
	form := keyForm{Algorithm: eidas.Algorithm(given("algorithm")), Application: eidas.Application{
		Identifier: given(eidas.FieldIdentifier), Organisation: given(eidas.FieldOrganisation), Country: strings.ToUpper(given(eidas.FieldCountry)),
		CommonName: given(eidas.FieldCommonName), Authority: given(eidas.FieldAuthority), Qualified: given("qualified") != "",
	}}
	for _, role := range r.PostForm[eidas.FieldRoles] {
		form.Application.Roles = append(form.Application.Roles, eidas.Role(role))
	}
	return form
}

// makeTestCertificate makes a certificate for tests for a key.
func (s *Server) makeTestCertificate(w http.ResponseWriter, r *http.Request) error {
	return s.changeKeys(w, r, func(purpose bank.Purpose) error {
		return s.app.Banks().MakeTestCertificate(r.Context(), r.PathValue("id"), purpose, bank.Issuer(r.PostFormValue("by")), r.PostFormValue("use") != "")
	}, nil)
}

// putCertificate looks at a certificate that a provider issued, and has it used once the
// person has seen what it says.
func (s *Server) putCertificate(w http.ResponseWriter, r *http.Request) error {
	var given []byte
	return s.changeKeys(w, r, func(purpose bank.Purpose) (err error) {
		if given, err = readFile(r, "certificate_file", maxCertificateFile); err != nil {
			if failed, told := asFailure(err); told {
				return failure.Unchanged(map[string]storage.Reason{"certificate_file": failed.Reason})
			}
			return err
		}
		if len(given) == 0 {
			given = []byte(r.PostFormValue("certificate"))
		}
		if r.PostFormValue("do") == "use" {
			return s.app.Banks().UseIssued(r.Context(), r.PathValue("id"), purpose, given)
		}
		return s.lookAtCertificate(w, r, purpose, given)
	}, func(part *keyPart) {
		if utf8.Valid(given) { // a file in a form of its own cannot be corrected here, and may be sealed keys
			part.Given = readPublic(string(given), "certificate", map[string]storage.Reason{})
		}
	})
}

// errShown is that an answer was given already.
var errShown = errors.New("frontend: shown")

func (s *Server) lookAtCertificate(w http.ResponseWriter, r *http.Request, purpose bank.Purpose, given []byte) error {
	issued, err := s.app.Banks().Look(r.Context(), r.PathValue("id"), purpose, given)
	if err != nil {
		return err
	}
	err = s.showPart(w, r, http.StatusOK, purpose, func(part *keyPart) { part.Given, part.Issued = issued.PEM, &issued })
	if err == nil {
		return errShown
	}
	return err
}

// removeKeyPair removes a key that waits for its certificate.
func (s *Server) removeKeyPair(w http.ResponseWriter, r *http.Request) error {
	return s.changeKeys(w, r, func(purpose bank.Purpose) error {
		if r.PostFormValue("sure") == "" {
			return failure.Unchanged(map[string]storage.Reason{"sure": {Code: failure.KeyNotGivenUp}})
		}
		return s.app.Banks().RemoveKeyPair(r.Context(), r.PathValue("id"), purpose)
	}, nil)
}

// saveKey hands out a key with its certificate, sealed with a passphrase.
func (s *Server) saveKey(w http.ResponseWriter, r *http.Request) error {
	return s.changeKeys(w, r, func(purpose bank.Purpose) error {
		file, err := s.app.Banks().SaveKey(r.Context(), r.PathValue("id"), purpose, r.PostFormValue("passphrase"))
		if err != nil {
			return err
		}
		return handOut(w, "application/x-pkcs12", "consentry-"+string(purpose)+".p12", file)
	}, nil)
}

// keyFile hands out what anybody may see: a signing request, or a certificate for tests.
func (s *Server) keyFile(w http.ResponseWriter, r *http.Request) error {
	view, err := s.keysOf(r)
	if err != nil {
		return err
	}
	purpose, known := purposeIn(r)
	if !known || view.part(purpose).Pair == nil {
		return storage.ErrNotFound
	}
	pair, name := *view.part(purpose).Pair, "consentry-"+string(purpose)
	switch file := r.PathValue("file"); {
	case file == "request.pem":
		err = handOut(w, "application/x-pem-file", name+".csr", []byte(bank.RequestPEM(pair.Request)))
	case file == "request.der":
		err = handOut(w, "application/pkcs10", name+".p10", pair.Request)
	case file == "test.pem" && pair.Certificate != "":
		err = handOut(w, "application/x-pem-file", name+"-test.pem", []byte(pair.Certificate))
	default:
		return storage.ErrNotFound
	}
	if errors.Is(err, errShown) {
		return nil
	}
	return err
}

// handOut answers with a small file, and returns errShown.
func handOut(w http.ResponseWriter, mediaType, name string, file []byte) error {
	w.Header().Set("Content-Type", mediaType)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	if _, err := w.Write(file); err != nil {
		return err
	}
	return errShown
}

// algorithms are the kinds of key to choose from.
func (form keyForm) algorithms(ctx context.Context) []ui.Option {
	return said(ctx, chosenOf([]wordedOption{
		{Value: string(eidas.RSA2048), Label: "RSA, 2048 bits: taken everywhere"},
		{Value: string(eidas.RSA3072), Label: "RSA, 3072 bits"},
		{Value: string(eidas.RSA4096), Label: "RSA, 4096 bits"},
		{Value: string(eidas.P256), Label: "ECDSA, P-256: not taken by every bank"},
	}, string(form.Algorithm)))
}

func (form keyForm) roles(ctx context.Context) []ui.Option {
	var options []ui.Option
	for _, role := range eidas.Roles {
		options = append(options, ui.Option{Value: string(role), Label: words.T(ctx, roleWords[role]), Chosen: slices.Contains(form.Application.Roles, role)})
	}
	return options
}

// asks makes a question of the part, whose id no other part has.
func (part keyPart) asks(ctx context.Context, name string, label, hint words.Text, value string) ui.Field {
	field := part.field(ctx, name, label, hint, value)
	field.ID = string(part.Purpose) + "-" + name
	return field
}

// asksFile is one for a file with a certificate.
func (part keyPart) asksFile(ctx context.Context) ui.Field {
	field := part.asks(ctx, "certificate_file", "Certificate as a file", "Instead of the text: .pem, .crt or .cer", "")
	field.Type, field.Attrs["accept"] = "file", ".pem,.crt,.cer,.der,application/x-x509-ca-cert,application/x-pem-file"
	return field
}

// asksPassphrase is one for what a key is sealed with.
func (part keyPart) asksPassphrase(ctx context.Context) ui.Field {
	field := part.hidden(ctx, "passphrase", "Passphrase", "It seals the file, and is not kept. Whoever has both can sign in your name.")
	field.ID = string(part.Purpose) + "-passphrase"
	return field
}

// issuers are who may sign a test certificate.
func (view keysView) issuers(ctx context.Context) []ui.Option {
	options := []ui.Option{{Value: string(bank.BySelf), Label: words.T(ctx, "By its own key"), Hint: words.T(ctx, "For test systems where the certificate itself is registered"), Chosen: !view.Practice}}
	if view.Practice {
		options = append(options, ui.Option{Value: string(bank.ByPractice), Label: words.T(ctx, "By the authority of the practice banks"), Hint: words.T(ctx, "They take it, and know the organisation from then on: its identifier is the client id there"), Chosen: true})
	}
	return options
}

// oddities are what is to be known of a certificate before it is used.
func (part keyPart) oddities(ctx context.Context) []ui.Notice {
	issued := part.Issued
	var all []ui.Notice
	warn := func(odd bool, title, next string) {
		if odd {
			all = append(all, ui.Notice{Tone: ui.Warn, Title: title, Next: next})
		}
	}
	warn(issued.NotYet, words.T(ctx, "It is not valid yet: only from %s.", ui.DateWords(ctx, issued.Certificate.NotBefore)), words.T(ctx, "Banks refuse requests before that."))
	warn(issued.OtherKind(), words.T(ctx, "It says that it is for something else."), words.T(ctx, "A QSealC signs requests, a QWAC is shown when connecting."))
	warn(issued.Unreadable != nil, words.T(ctx, "What it states of roles cannot be read."), words.T(ctx, "Ask whoever issued it."))
	warn(issued.Unreadable == nil && !issued.Statements.PSD2(), words.T(ctx, "It names no roles and no authority."), words.T(ctx, "Banks under PSD2 want a qcStatement that does (ETSI TS 119 495)."))
	if missing := issued.MissingRoles(); issued.Statements.PSD2() && len(missing) > 0 {
		warn(true, words.T(ctx, "Not among its roles, though asked for: %s", strings.Join(rolesSaid(ctx, missing), ", ")), words.T(ctx, "Banks refuse what a certificate has no role for."))
	}
	warn(issued.OtherOwner(), words.T(ctx, "It names another organisation than was asked for."), words.T(ctx, "Compare the identifier."))
	return all
}

// makeWords say what making a key is about.
func (part keyPart) makeWords(ctx context.Context) string {
	if part.Pair == nil && !part.HasKey {
		return words.T(ctx, "Make a key and a signing request")
	}
	return words.T(ctx, "Make another key")
}

func (part keyPart) short(ctx context.Context, name string, label, hint words.Text, value string) ui.Field {
	field := part.asks(ctx, name, label, hint, value)
	field.Short = true
	return field
}
