package storage

import (
	"context"
	"encoding/json"
	"time"

	"consentry/xs2a"
)

// PaymentTemplate is what a person pays again and again from a bank, under a name of
// theirs.
type PaymentTemplate struct {
	ID                string
	EnvironmentID     string
	BIC               string
	BankName          string
	AffiliatedASPSPID string
	Name              string
	Order             xs2a.Order
	CreatedAt         time.Time
}

const templateColumns = `id, environment_id, bic, bank_name, affiliated_id, name, payment_order, created_at`

func readTemplate(row scanner) (PaymentTemplate, error) {
	var t PaymentTemplate
	var order string
	if err := row.Scan(&t.ID, &t.EnvironmentID, &t.BIC, &t.BankName, &t.AffiliatedASPSPID, &t.Name, &order, stamp{&t.CreatedAt}); err != nil {
		return t, err
	}
	return t, json.Unmarshal([]byte(order), &t.Order)
}

// PaymentTemplates lists all templates by their names.
func (s *Store) PaymentTemplates(ctx context.Context) ([]PaymentTemplate, error) {
	return collect(ctx, s.db, readTemplate, `SELECT `+templateColumns+` FROM payment_template ORDER BY name COLLATE NOCASE, created_at, id`)
}

// PaymentTemplate returns one template, or ErrNotFound.
func (s *Store) PaymentTemplate(ctx context.Context, id string) (PaymentTemplate, error) {
	return one(readTemplate, s.db.QueryRowContext(ctx, `SELECT `+templateColumns+` FROM payment_template WHERE id = ?`, id))
}

// AddPaymentTemplate keeps a template.
func (s *Store) AddPaymentTemplate(ctx context.Context, t PaymentTemplate) error {
	order, err := json.Marshal(t.Order)
	if err != nil {
		return err
	}
	_, err = s.exec(ctx, `INSERT INTO payment_template (`+templateColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		t.ID, t.EnvironmentID, t.BIC, t.BankName, t.AffiliatedASPSPID, t.Name, string(order), formatTime(s.now()))
	return err
}

// RemovePaymentTemplate forgets a template, if it is there.
func (s *Store) RemovePaymentTemplate(ctx context.Context, id string) error {
	_, err := s.exec(ctx, `DELETE FROM payment_template WHERE id = ?`, id)
	return err
}
