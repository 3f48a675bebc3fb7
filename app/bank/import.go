package bank

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
)

// Import is what a file of banks would change in an environment.
type Import struct {
	Environment storage.Environment
	Changes     []Change    // one for each bank of the file, in its order
	Faults      []FileFault // what of the file is not taken over
	MoreFaults  int         // that are not among them: a broken file may have a hundred thousand
	Hosts       []FiledHost // which nobody has named for these banks before
	Stays       int         // banks of the environment that the file does not name: they stay
	Proxy       string      // the address of a proxy that the file names and the environment has not; empty for none
}

// Change is a bank of a file beside what is known of it.
type Change struct {
	storage.Bank
	Line    int
	New     bool
	Columns []string // in which a known bank differs; none for one that stays as it is
	// Replaces is the name of the bank of the directory whose place it takes; empty for none.
	Replaces string
	Moved    bool // it is known, and its interface would lie at another host
	InForce  int  // consents with what it replaces, or was: they would be used at the new hosts
	hosts    []xs2a.Origin
}

// Changed reports whether taking the bank over changes anything.
func (c Change) Changed() bool { return c.New || len(c.Columns) > 0 }

// FiledHost is a host that a file names: what is asked of its banks would go there,
// with our credentials.
type FiledHost struct {
	Origin xs2a.Origin
	Banks  []string // the names of those that it would belong to
	Local  bool     // it lies on this machine, or in a private network
}

// Count returns how many banks of the file are as a test says.
func (i Import) Count(is func(Change) bool) (n int) {
	for _, change := range i.Changes {
		if is(change) {
			n++
		}
	}
	return n
}

// File returns the file of the banks that an environment names itself.
func (r *Registry) File(ctx context.Context, environmentID string) (storage.Environment, []byte, error) {
	e, err := r.store.Environment(ctx, environmentID)
	if err != nil {
		return e, nil, err
	}
	var file bytes.Buffer
	err = writeFile(&file, e.Banks, e.Proxy.Address)
	return e, file.Bytes(), err
}

// PlanImport says what a file would change in the banks of an environment. Nothing is
// stored, and nothing is sent anywhere.
func (r *Registry) PlanImport(ctx context.Context, environmentID string, file []byte) (Import, error) {
	e, err := r.store.Environment(ctx, environmentID)
	if err != nil {
		return Import{}, err
	}
	read, err := readFile(file)
	if err != nil {
		return Import{Environment: e}, err
	}
	return r.planImport(ctx, e, read)
}

// planImport says what a file that was read would change in an environment.
func (r *Registry) planImport(ctx context.Context, e storage.Environment, read reader) (Import, error) {
	if e.Sandbox {
		return Import{}, practiceStays
	}
	plan := Import{Environment: e, Stays: len(e.Banks)}
	for _, bank := range read.banks {
		if wrong := checkBank(e, bank.Bank); len(wrong) > 0 {
			for _, column := range slices.Sorted(maps.Keys(wrong)) {
				read.fault(bank.line, column, wrong[column])
			}
			continue
		}
		change := Change{Bank: bank.Bank, Line: bank.line, New: true}
		known, err := r.knownHosts(ctx, e, bank.ID)
		if err != nil {
			return plan, err
		}
		if before, there := e.Bank(bank.ID); there {
			plan.Stays--
			change.New, change.Columns = false, differing(before, bank.Bank)
		}
		if err := r.addDisplaced(ctx, e, &change); err != nil {
			return plan, err
		}
		if change.Changed() {
			change.hosts = newHosts(e, bank.Bank, known)
			if !plan.addHosts(change) {
				return Import{Environment: e}, unreadable(storage.Reason{Code: failure.BankFileManyHosts, Of: mostFiledHosts})
			}
		}
		plan.Changes = append(plan.Changes, change)
	}
	plan.Faults, plan.MoreFaults = read.faults, read.more
	if read.proxy != e.Proxy.Address {
		plan.Proxy = read.proxy
	}
	return plan, nil
}

// addDisplaced adds what a bank would take the place of.
func (r *Registry) addDisplaced(ctx context.Context, e storage.Environment, change *Change) error {
	if before, there := e.Bank(change.ID); there {
		change.Moved = apiHost(e, before) != apiHost(e, change.Bank)
	} else if listed, err := r.store.ASPSP(ctx, e.ID, change.ID); err == nil {
		change.Replaces = listed.Name
	} else if !errors.Is(err, storage.ErrNotFound) {
		return err
	}
	if change.Replaces == "" && !change.Moved {
		return nil
	}
	var err error
	change.InForce, err = r.store.ConsentsInForce(ctx, e.ID, change.ID)
	return err
}

// apiHost is where a bank's interface lies.
func apiHost(e storage.Environment, bank storage.Bank) string {
	origin, _ := xs2a.OriginOf(strings.ReplaceAll(e.ProfileFor(bank).APIURL, "{bank}", bank.ID))
	return string(origin)
}

// knownHosts are the hosts a person has named for a bank so far, or for all banks of
// its environment.
func (r *Registry) knownHosts(ctx context.Context, e storage.Environment, bankID string) ([]xs2a.Origin, error) {
	named, err := r.store.Hosts(ctx, e.ID, bankID)
	if err != nil {
		return nil, err
	}
	known := slices.Concat(named, e.Profile.Hosts(bankID).Origins())
	if before, there := e.Bank(bankID); there {
		known = append(known, hostsOf(e, before)...)
	}
	return known, nil
}

// hostsOf are all hosts that are asked for a bank: by its profile, and for its picture.
func hostsOf(e storage.Environment, bank storage.Bank) []xs2a.Origin {
	hosts := e.ProfileFor(bank).Hosts(bank.ID)
	if logo, err := xs2a.OriginOf(bank.LogoURL); err == nil {
		hosts = hosts.With(logo)
	}
	return hosts.Origins()
}

func newHosts(e storage.Environment, bank storage.Bank, known []xs2a.Origin) []xs2a.Origin {
	return slices.DeleteFunc(hostsOf(e, bank), func(origin xs2a.Origin) bool { return slices.Contains(known, origin) })
}

// addHosts adds the hosts that a bank would bring, and reports whether they are still no
// more than a person can look at.
func (i *Import) addHosts(change Change) bool {
	for _, origin := range change.hosts {
		at := slices.IndexFunc(i.Hosts, func(h FiledHost) bool { return h.Origin == origin })
		if at < 0 {
			if len(i.Hosts) == mostFiledHosts {
				return false
			}
			at, i.Hosts = len(i.Hosts), append(i.Hosts, FiledHost{Origin: origin, Local: origin.Private()})
		}
		i.Hosts[at].Banks = append(i.Hosts[at].Banks, change.Name)
	}
	return true
}

// differing returns the columns in which two banks differ.
func differing(before, now storage.Bank) []string {
	var names []string
	for _, column := range allColumns {
		if column.get(before) != column.get(now) {
			names = append(names, column.name)
		}
	}
	return names
}

// Import takes over the banks of a file whose hosts are all confirmed, and lists
// them. It returns how many were taken over, and how many were left for their hosts.
func (r *Registry) Import(ctx context.Context, environmentID string, file []byte, confirmed []xs2a.Origin) (taken, left int, err error) {
	read, err := readFile(file) // nobody who writes waits for that
	if err != nil {
		return 0, 0, err
	}
	err = r.store.ChangeEnvironment(ctx, environmentID, xs2a.CountryName, func(e *storage.Environment) error {
		plan, err := r.planImport(ctx, *e, read)
		if err != nil {
			return err
		}
		for _, change := range plan.Changes {
			switch {
			case !change.Changed():
			case !containsAll(confirmed, change.hosts):
				left++
			default:
				taken++
				e.Banks = withBank(e.Banks, change.Bank)
			}
		}
		return nil
	})
	if err != nil {
		return 0, 0, err
	}
	return taken, left, nil
}

func containsAll(all, some []xs2a.Origin) bool {
	return !slices.ContainsFunc(some, func(origin xs2a.Origin) bool { return !slices.Contains(all, origin) })
}

// withBank returns a list with a bank in the place of the one of its id, or at its end.
func withBank(banks []storage.Bank, bank storage.Bank) []storage.Bank {
	if at := indexOf(banks, bank.ID); at >= 0 {
		banks[at] = bank
		return banks
	}
	return append(banks, bank)
}
