package sandbox

import (
	"crypto/rsa"
	"net/http"

	"consentry/xs2a/sandbox/bank"
	"consentry/xs2a/sandbox/sign"
)

// practiceOrganisation is the practice TPP's organizationIdentifier, in the form
// of an authorisation number under PSD2 (ETSI TS 119 495 5.2.1).
const practiceOrganisation = "PSDSE-FINA-12345"

// vault returns the keys and certificates of a server.
func (s *Server) vault() sign.Vault {
	s.sandbox.mu.Lock()
	defer s.sandbox.mu.Unlock()
	return s.sandbox.state.Vault
}

// practiceCertificates returns the vault with certificates in it. The caller holds
// the lock.
func (s *Sandbox) practiceCertificates() (*sign.Vault, error) {
	v := &s.state.Vault
	if v.TPP != "" {
		return v, nil
	}
	if err := v.Certify(s.now(), practiceClient.name, practiceOrganisation); err != nil {
		return nil, err
	}
	s.state.touch()
	return v, nil
}

// encryptionKey returns the key for passwords. The caller holds the lock.
func (s *Sandbox) encryptionKey() (*rsa.PrivateKey, error) {
	v := &s.state.Vault
	if v.Encryption == "" {
		if err := v.MakeEncryptionKey(); err != nil {
			return nil, err
		}
		s.state.touch()
	}
	return v.EncryptionKey()
}

// keySet answers GET …/.well-known/jwks.json.
func (s *Sandbox) keySet(w http.ResponseWriter, r *http.Request) {
	b := s.bankByID(bank.BerlinGroup, r.PathValue("bank"))
	if b == nil || !b.Behaviour.Encrypted {
		http.NotFound(w, r)
		return
	}
	s.mu.Lock()
	key, err := s.encryptionKey()
	s.mu.Unlock()
	if err != nil {
		http.Error(w, "no key", http.StatusInternalServerError)
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"keys": []map[string]string{sign.JWK(&key.PublicKey)}})
}

// decrypt opens what the TPP has sealed with the bank's key.
func (s *Sandbox) decrypt(compact string) (string, error) {
	key, err := s.encryptionKey()
	if err != nil {
		return "", err
	}
	return sign.Decrypt(key, compact)
}
