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

// Playing reports whether a scene goes on at a bank, until it is taken back.
func (b Board) Playing(bank, scene string) bool {
	switch scene {
	case BankDown:
		return slices.ContainsFunc(b.Faults, func(f Fault) bool { return f.isDown(bank) })
	case FlatPhone:
		return slices.Contains(b.FlatPhones, bank)
	}
	return false
}

// isDown reports whether a fault is that a bank is down, and of no other bank.
func (fault Fault) isDown(bank string) bool { return fault.Name == BankDown && fault.Bank == bank }

// TakeBack ends a scene that goes on at a bank; one that does not is no error.
func (f *Faults) TakeBack(ctx context.Context, bank, scene string) error {
	if scene == FlatPhone {
		return f.Do(ctx, Deed{What: Charge, Bank: bank})
	}
	if scene != BankDown {
		return failure.Field("scene", failure.ChooseFromList)
	}
	board, err := f.Now(ctx, bank)
	for _, each := range board.Faults {
		if err == nil && each.isDown(bank) {
			err = f.Remove(ctx, each.ID)
		}
	}
	return err
}

// answerAll does something to each approval at a bank that waits for the customer.
func (f *Faults) answerAll(ctx context.Context, bank, what string) error {
	board, err := f.Now(ctx, bank)
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
