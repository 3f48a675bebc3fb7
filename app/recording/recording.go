// Package recording is what others recorded: exchanges that are brought in files, looked at
// beside one's own, and played as banks.
//
// [Recordings] promise that nothing of a file is kept before its secrets were taken out, that
// what a file brings is never taken for what this program did, and that a bank that is played
// answers on this machine alone.
package recording

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"consentry/app/bank"
	"consentry/app/failure"
	"consentry/storage"
	"consentry/xs2a"
	"consentry/xs2a/playback"
	"consentry/xs2a/record"
	"consentry/xs2a/record/brought"
)

// MaxFile bounds a file, in bytes.
const MaxFile = brought.MaxFile

// Config is what Recordings are made of.
type Config struct {
	Store *storage.Store
	Log   *slog.Logger
	Now   func() time.Time
	Banks *bank.Registry
}

// Recordings are what others recorded. They are safe for concurrent use.
type Recordings struct {
	store *storage.Store
	log   *slog.Logger
	now   func() time.Time
	banks *bank.Registry

	mu     sync.Mutex
	played map[string]*playback.Server // by id
}

// New returns Recordings. Banks are played from Resume on.
func New(c Config) *Recordings {
	return &Recordings{store: c.Store, log: c.Log, now: c.Now, banks: c.Banks, played: map[string]*playback.Server{}}
}

// All lists the recordings, the latest first.
func (r *Recordings) All(ctx context.Context) ([]storage.Recording, error) {
	return r.store.Recordings(ctx)
}

// One returns a recording with its flows.
func (r *Recordings) One(ctx context.Context, id string) (storage.Recording, []storage.ExchangeFlow, error) {
	one, err := r.store.Recording(ctx, id)
	if err != nil {
		return one, nil, err
	}
	flows, err := r.store.RecordedFlows(ctx, id)
	return one, flows, err
}

// Bring reads a file and keeps what it holds, without its secrets. One that was brought
// before is returned as it is. A file that cannot be read is a *failure.Error at the field
// "file".
func (r *Recordings) Bring(ctx context.Context, name string, content []byte) (storage.Recording, error) {
	sum := sha256.Sum256(content)
	digest := hex.EncodeToString(sum[:])
	all, err := r.store.Recordings(ctx)
	if err != nil {
		return storage.Recording{}, err
	}
	if at := slices.IndexFunc(all, func(one storage.Recording) bool { return one.Digest == digest }); at >= 0 {
		return all[at], nil
	}
	file, err := brought.Read(content)
	switch {
	case errors.Is(err, brought.ErrEmpty):
		return storage.Recording{}, failure.Field("file", failure.RecordingEmpty)
	case err != nil:
		return storage.Recording{}, failure.Field("file", failure.NotARecording).By(err)
	}
	one := storage.Recording{ID: storage.RecordingID(uuid.NewString()), FileName: name, Digest: digest, Format: string(file.Format), LeftOut: map[string]int{}}
	for why, count := range file.Left {
		one.LeftOut[string(why)] = count
	}
	err = r.store.AddRecording(ctx, one, file.Exchanges)
	if errors.Is(err, storage.ErrTooManyRecordings) {
		return one, failure.Invalid(map[string]storage.Reason{"file": {Code: failure.TooManyRecordings, Of: storage.MostRecordings}})
	}
	return one, err
}

// Remove removes a recording; the bank that is made of it answers no more.
func (r *Recordings) Remove(ctx context.Context, id string) error {
	if err := r.Stop(ctx, id); err != nil {
		return err
	}
	return r.store.RemoveRecording(ctx, id)
}

// Bank is a bank that is played.
type Bank struct {
	EnvironmentID string
	ID, Name      string
}

// Play makes a bank of a recording, and an environment in which it is reached. It answers
// until Stop, also after the next start. A recording in which nothing is asked of a bank is
// a *failure.Error.
func (r *Recordings) Play(ctx context.Context, id string) ([]Bank, error) {
	one, err := r.store.Recording(ctx, id)
	if err != nil {
		return nil, err
	}
	rows, err := r.store.Recorded(ctx, id)
	if err != nil {
		return nil, err
	}
	exchanges := make([]record.Exchange, len(rows))
	for i, row := range rows {
		exchanges[i] = row.Exchange
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	server := r.played[id]
	drop := func() error { return nil } // one that is played already goes on
	if server == nil {
		if server, err = playback.Start(playback.Config{Exchanges: exchanges, Now: r.now, Ports: one.Ports}); err != nil {
			return nil, err
		}
		drop = server.Close
	}
	environment, found := environmentOf(one, exchanges, server.Addresses())
	if !found {
		return nil, errors.Join(failure.New(failure.NothingToPlay), drop())
	}
	err = errors.Join(r.store.PutEnvironment(ctx, environment), r.store.ListBanks(ctx, environment.ID, xs2a.CountryName),
		r.store.SetPlayed(ctx, id, true, server.Ports()))
	if err != nil {
		return nil, errors.Join(err, drop())
	}
	r.played[id] = server
	return banksOf(environment), nil
}

func banksOf(e storage.Environment) (banks []Bank) {
	for _, each := range e.Banks {
		banks = append(banks, Bank{EnvironmentID: e.ID, ID: each.ID, Name: each.Name})
	}
	return banks
}

// Resume plays again what was played when the program ended. One that cannot be is noted in
// the log: it keeps nobody from anything else.
func (r *Recordings) Resume(ctx context.Context) error {
	all, err := r.store.Recordings(ctx)
	for _, one := range all {
		if !one.Played {
			continue
		}
		if _, err := r.Play(ctx, one.ID); err != nil {
			r.log.Warn("a recording is not played again", "file", one.FileName, "error", err)
		}
	}
	return err
}

// Playing is a recording that is played.
type Playing struct {
	Banks     []Bank
	Addresses map[string]string // where recorded hosts are played, by origin
	Moved     int               // by how many days dates are moved
	Asked     []playback.Unrecorded
}

// Playing returns how a recording is played; nil where it is not.
func (r *Recordings) Playing(ctx context.Context, id string) (*Playing, error) {
	r.mu.Lock()
	server := r.played[id]
	r.mu.Unlock()
	if server == nil {
		return nil, nil
	}
	e, err := r.store.Environment(ctx, environmentID(id))
	if err != nil && !errors.Is(err, storage.ErrNotFound) {
		return nil, err
	}
	return &Playing{Banks: banksOf(e), Addresses: server.Addresses(), Moved: server.Moved(), Asked: server.Asked()}, nil
}

// Restart begins a recording that is played from its start.
func (r *Recordings) Restart(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if server := r.played[id]; server != nil {
		server.Restart()
	}
}

// Stop ends playing. The environment goes where nothing hangs on it; else it stays with what
// was done there.
func (r *Recordings) Stop(ctx context.Context, id string) error {
	r.mu.Lock()
	server := r.played[id]
	delete(r.played, id)
	r.mu.Unlock()
	if server == nil {
		return nil
	}
	if err := server.Close(); err != nil {
		r.log.Warn("a recording was cut off", "error", err)
	}
	one, err := r.store.Recording(ctx, id)
	if err != nil {
		return err
	}
	if err := r.store.SetPlayed(ctx, id, false, one.Ports); err != nil {
		return err
	}
	return r.dropEnvironment(ctx, environmentID(id))
}

func (r *Recordings) dropEnvironment(ctx context.Context, id string) error {
	e, use, err := r.banks.Removal(ctx, id)
	if errors.Is(err, storage.ErrNotFound) {
		return nil
	}
	if err != nil || !use.Free() || use.Records+use.Paid > 0 {
		return err
	}
	return r.banks.RemoveEnvironment(ctx, id, bank.Version(e), 0)
}

// Close ends playing until the next start.
func (r *Recordings) Close() {
	r.mu.Lock()
	servers := maps.Clone(r.played)
	clear(r.played)
	r.mu.Unlock()
	for _, server := range servers {
		if err := server.Close(); err != nil {
			r.log.Warn("a recording was cut off", "error", err)
		}
	}
}
