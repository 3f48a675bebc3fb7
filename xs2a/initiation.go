package xs2a

import (
	"context"

	"consentry/xs2a/statement"
)

// Instruction is a transfer that a pain.001 asks for, as it is written there.
type Instruction = statement.Instruction

// ReadInitiation returns the transfers of a pain.001 that a person has, in its order and
// unchecked, and the names of the elements of them that are not read.
func ReadInitiation(ctx context.Context, file []byte) (transfers []Instruction, unread []string, err error) {
	return statement.ReadInitiation(ctx, toUTF8(file, ""), statementBounds)
}
