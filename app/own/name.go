package own

import (
	"context"

	"consentry/app/failure"
	"consentry/storage"
	"consentry/storage/fold"
)

// MostNames is how many names are given at most: each is held to each transaction of a list.
const MostNames = 200

// NameBy is by what a name is given.
type NameBy string

// By what names are given.
const (
	ByNumber NameBy = "number"
	ByName   NameBy = "name"
)

// Named is a name that was given, and how many transactions it is of.
type Named struct {
	storage.OwnName
	Count int  // storage.MostNamed at most
	More  bool // there may be more
}

// Names lists the names that were given.
func (o *Things) Names(ctx context.Context) ([]Named, error) {
	names, err := o.store.OwnNames(ctx)
	if err != nil {
		return nil, err
	}
	all := make([]Named, len(names))
	for i, name := range names {
		all[i].OwnName = name
		if all[i].Count, all[i].More, err = o.store.CountNamed(ctx, name); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// GiveName names the other end of a transaction and of all that are alike: with the same account, or
// whose name begins with the same words. The fields of a failure are "name", "by" and "begins".
func (o *Things) GiveName(ctx context.Context, transaction int64, name string, by NameBy, begins string) error {
	t, err := o.store.Transaction(ctx, transaction)
	if err != nil {
		return err
	}
	one := storage.OwnName{AccountID: t.AccountID}
	if one.Name, err = nameOf(name); err != nil {
		return err
	}
	_, number := t.OtherSide()
	switch {
	case by == ByNumber && len(fold.Words(number)) > 0:
		one.Number = number
	case by == ByName:
		one.Begins = oneLine(begins)
		if !one.Names(t) {
			return failure.Unchanged(map[string]storage.Reason{"begins": {Code: failure.NotItsBeginning, Name: t.Named()}})
		}
	default:
		return failure.Unchanged(map[string]storage.Reason{"by": {Code: failure.ChooseFromList}})
	}
	all, err := o.store.OwnNames(ctx)
	if err != nil {
		return err
	}
	if len(all) >= MostNames {
		return failure.Unchanged(map[string]storage.Reason{"name": {Code: failure.TooManyNames, Of: MostNames}})
	}
	return o.store.AddOwnName(ctx, one)
}

// ChangeName changes a name that was given. The field of a failure is "name".
func (o *Things) ChangeName(ctx context.Context, id int64, name string) error {
	name, err := nameOf(name)
	if err != nil {
		return err
	}
	return o.store.RenameOwnName(ctx, id, name)
}

// TakeNameBack has the bank's name shown again.
func (o *Things) TakeNameBack(ctx context.Context, id int64) error {
	return o.store.RemoveOwnName(ctx, id)
}
