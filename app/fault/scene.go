package fault

import (
	"context"
	"slices"

	"consentry/app/failure"
)

// What a presenter lets go wrong at a bank, by name.
const (
	BankDown  = "bank-down"  // it answers 503 to everything, until mended
	SaysNo    = "says-no"    // the customer, to all that waits for them
	RunsOut   = "runs-out"   // the time for all that waits for the customer
	FlatPhone = "flat-phone" // nobody approves on a telephone, until mended
)

// Scenes are all of them.
var Scenes = []string{BankDown, SaysNo, RunsOut, FlatPhone}

// Play lets a scene happen at a bank, by its BIC. Those that are about an approval fail
// with [failure.NothingWaits] where none waits for the customer.
func (f *Faults) Play(ctx context.Context, bank, scene string) error {
	switch scene {
	case BankDown:
		return f.SetPreset(ctx, bank, BankDown)
	case FlatPhone:
		return f.Do(ctx, Deed{What: Flatten, Bank: bank})
	case SaysNo:
		return f.answerAll(ctx, bank, Deny)
	case RunsOut:
		return f.answerAll(ctx, bank, Expire)
	}
	return failure.Field("scene", failure.ChooseFromList)
}

// Mend takes back what goes on until somebody says so: faults of the bank, and flat telephones.
func (f *Faults) Mend(ctx context.Context, bank string) error {
	if err := f.Clear(ctx, bank); err != nil {
		return err
	}
	board, err := f.Board(ctx, bank)
	if err != nil {
		return err
	}
	if slices.Contains(board.FlatPhones, bank) {
		return f.Do(ctx, Deed{What: Charge, Bank: bank})
	}
	return nil
}

// answerAll does something to each approval at a bank that waits for the customer.
func (f *Faults) answerAll(ctx context.Context, bank, what string) error {
	board, err := f.Board(ctx, bank)
	if err != nil {
		return err
	}
	if len(board.Approvals) == 0 {
		return failure.New(failure.NothingWaits)
	}
	for _, waiting := range board.Approvals {
		if err := f.Do(ctx, Deed{What: what, ID: waiting.ID, Bank: bank}); err != nil {
			return err
		}
	}
	return nil
}
