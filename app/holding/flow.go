package holding

import (
	"context"
	"time"

	"github.com/cockroachdb/apd/v3"

	"consentry/storage"
	"consentry/xs2a"
)

// Flow is what went in and out in a calendar month: all positive. What went between the person's
// own accounts stands apart.
type Flow struct {
	Month         string // 2006-01
	In, Out       xs2a.Amount
	OwnIn, OwnOut xs2a.Amount
	Missing       bool // days of it were not read
	Unread        bool // none of them was
}

// flow is one that is being added up.
type flow struct{ in, out, ownIn, ownOut apd.Decimal }

// Flows returns what went in and out in each month of a scope, the oldest first.
func (h *Holdings) Flows(ctx context.Context, scope Scope) ([]Flow, error) {
	sums := map[string]*flow{}
	for _, month := range scope.Months() {
		sums[month] = &flow{}
	}
	span := scope.Days()
	for _, account := range scope.Accounts {
		days, err := h.store.DaySumsIn(ctx, account.ID, scope.Currency, span)
		if err != nil {
			return nil, err
		}
		for _, d := range days {
			month := sums[d.Date[:len(monthForm)]]
			if err := addBoth(&month.in, &d.In, &month.out, &d.Out); err != nil {
				return nil, err
			}
		}
	}
	if err := h.takeTransfers(ctx, scope, sums); err != nil {
		return nil, err
	}
	flows := make([]Flow, 0, len(sums))
	for _, month := range scope.Months() {
		f, of := sums[month], func(n *apd.Decimal) xs2a.Amount { return amountOf(n, scope.Currency) }
		flows = append(flows, Flow{Month: month, In: of(&f.in), Out: of(&f.out), OwnIn: of(&f.ownIn), OwnOut: of(&f.ownOut)})
	}
	return flows, h.markMissing(ctx, scope, flows)
}

// takeTransfers moves what went between own accounts out of what went in and out.
func (h *Holdings) takeTransfers(ctx context.Context, scope Scope, sums map[string]*flow) error {
	own, err := h.ownKeys(ctx)
	if err != nil {
		return err
	}
	in := map[int64]bool{}
	for _, account := range scope.Accounts {
		in[account.ID] = true
	}
	transfers, err := h.store.CounterpartyMonths(ctx, own.keys(), scope.From, scope.To)
	if err != nil {
		return err
	}
	for _, t := range transfers {
		if !in[t.AccountID] || t.Currency != scope.Currency || !own.transfer(t.AccountID, t.Key) {
			continue
		}
		month := sums[t.Month]
		if err := addBoth(&month.ownIn, &t.In, &month.ownOut, &t.Out); err != nil {
			return err
		}
		if err := takeBoth(&month.in, &t.In, &month.out, &t.Out); err != nil {
			return err
		}
	}
	return nil
}

// markMissing marks the months of which days were not read.
func (h *Holdings) markMissing(ctx context.Context, scope Scope, flows []Flow) error {
	for i := range flows {
		flows[i].Unread = true
	}
	for _, account := range scope.Accounts {
		k, err := h.knownOf(ctx, account)
		if err != nil {
			return err
		}
		for i, f := range flows {
			some, all := k.missing(Period{f.Month, f.Month}.Days())
			flows[i].Missing = f.Missing || some
			flows[i].Unread = f.Unread && all
		}
	}
	return nil
}

func addBoth(a, plusA, b, plusB *apd.Decimal) error {
	if _, err := exact.Add(a, a, plusA); err != nil {
		return err
	}
	_, err := exact.Add(b, b, plusB)
	return err
}

func takeBoth(a, lessA, b, lessB *apd.Decimal) error {
	if _, err := exact.Sub(a, a, lessA); err != nil {
		return err
	}
	_, err := exact.Sub(b, b, lessB)
	return err
}

// Course is a balance day by day.
type Course struct {
	Points  []Point
	Cut     bool              // it begins later, or ends earlier, than was asked for: days were not read
	Without []storage.Account // whose balance is not known, or of which nothing was read: they are left out
}

// Course returns what the accounts of a scope had together at the end of each of its days. It
// goes over the days in which the balance of each of them is known.
func (h *Holdings) Course(ctx context.Context, scope Scope) (Course, error) {
	var course Course
	sums, of := map[string]*apd.Decimal{}, map[string]int{}
	with := 0
	for _, account := range scope.Accounts {
		points, err := h.pointsOf(ctx, account, scope)
		if err != nil {
			return course, err
		}
		if points == nil {
			course.Without = append(course.Without, account)
			continue
		}
		with++
		for _, p := range points {
			if sums[p.Date] == nil {
				sums[p.Date] = new(apd.Decimal)
			}
			if _, err := exact.Add(sums[p.Date], sums[p.Date], p.Amount.Decimal()); err != nil {
				return course, err
			}
			of[p.Date]++
		}
	}
	span := scope.Days()
	first, err := time.Parse(time.DateOnly, span.From)
	if err != nil || with == 0 {
		return course, nil
	}
	today := h.nowAt(scope.Accounts[0].EnvironmentID).Format(time.DateOnly)
	for on := first; on.Format(time.DateOnly) <= min(span.To, today); on = on.AddDate(0, 0, 1) {
		date := on.Format(time.DateOnly)
		if of[date] < with {
			course.Cut = true
			continue
		}
		course.Points = append(course.Points, Point{date, amountOf(sums[date], scope.Currency)})
	}
	return course, nil
}

// pointsOf returns an account's balance at the end of the days of a scope in which it is known;
// nil where there is no balance in the currency, or nothing was read.
func (h *Holdings) pointsOf(ctx context.Context, account storage.Account, scope Scope) ([]Point, error) {
	main, has := MainBalance(account)
	if !has || main.Amount.Currency != scope.Currency {
		return nil, nil
	}
	first, err := h.store.FirstListed(ctx, account.ID)
	if err != nil || first == "" {
		return nil, err
	}
	span := scope.Days()
	from := max(span.From, first)
	if of := endOfDay(main); of != "" {
		from = min(from, of) // the walk begins where the balance stands
	}
	begin, err := time.Parse(time.DateOnly, from)
	if err != nil {
		return nil, err
	}
	now := h.nowAt(account.EnvironmentID)
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	if begin.After(today) {
		return []Point{}, nil
	}
	sums, err := h.store.DaySumsIn(ctx, account.ID, scope.Currency, storage.Span{From: begin.Format(time.DateOnly), To: today.Format(time.DateOnly)})
	if err != nil {
		return nil, err
	}
	days := int(today.Sub(begin).Hours()/24) + 1
	points, err := h.walk(account, main, sums, begin, days)
	if err != nil || points == nil {
		return []Point{}, err
	}
	inside := points[:0]
	for _, p := range points {
		if p.Date >= max(span.From, first) && p.Date <= span.To {
			inside = append(inside, p)
		}
	}
	return inside, nil
}
