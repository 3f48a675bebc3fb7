package own

import (
	"context"

	"consentry/app/failure"
	"consentry/storage"
)

// MostTagged is how many transactions get a tag in one go at most.
const MostTagged = 5000

// Tagged is what became of transactions that were to get a tag.
type Tagged struct {
	Added int  // so many have it now that had it not
	Full  int  // so many have MostTags others already, and did not get it
	More  bool // there are more than MostTagged, and those did not get it
}

// TagFound gives a tag to transactions that are found page by page, the newest first, some of them
// in one write. The field of a failure is "newtag".
func (o *Things) TagFound(ctx context.Context, tag string, page func(after storage.Cursor, limit int) (storage.Found, error)) (Tagged, error) {
	var done Tagged
	tags, wrong := ReadTags(tag)
	if wrong.Code == "" && len(tags) != 1 {
		wrong.Code = failure.OneTag
	}
	if wrong.Code != "" {
		return done, failure.Unchanged(map[string]storage.Reason{"newtag": wrong})
	}
	after := storage.Cursor(0)
	for looked := 0; looked < MostTagged; {
		found, err := page(after, storage.MostAtOnce)
		if err != nil {
			return done, err
		}
		var ids []int64
		for _, t := range found.Transactions {
			switch {
			case storage.HasTag(t.Tags, tags[0]):
			case len(t.Tags) >= MostTags:
				done.Full++
			default:
				ids = append(ids, t.ID)
			}
		}
		n, err := o.store.AddTag(ctx, ids, tags[0], MostTags)
		if done.Added += n; err != nil {
			return done, err
		}
		looked += len(found.Transactions)
		if after = found.Older; after == 0 {
			return done, nil
		}
	}
	done.More = true
	return done, nil
}
