package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"path/filepath"
	"strconv"

	"consentry/app"
	"consentry/app/bank"
	"consentry/frontend"
	"consentry/storage"
	"consentry/storage/folder"
	"consentry/xs2a/sandbox"
)

// practiceBanks are those inside the program.
type practiceBanks struct {
	server  *sandbox.Server        // nil where there are none
	notices []frontend.StartNotice // what the person is told of their start
}

// startPractice starts the practice banks inside the program. Whatever keeps them
// from it keeps nobody from their own accounts: there are none then, and a notice. An
// address that was asked for and cannot be had is an error.
func startPractice(ctx context.Context, o options, store *storage.Store, log *slog.Logger) (practiceBanks, error) {
	if !o.sandbox {
		return practiceBanks{}, nil
	}
	addr, notices := practiceAddress(ctx, o, store, log)
	server, err := sandbox.Start(addr, sandbox.Config{Seed: o.seed, Log: log, State: filepath.Join(o.data, folder.State)})
	if err != nil && o.control != "" {
		return practiceBanks{}, fmt.Errorf("-control: the practice banks cannot answer at %s (another program may have the port; name another): %w", o.control, err)
	}
	if err != nil {
		log.Error("the practice banks did not start", "error", err)
		return practiceBanks{notices: append(notices, frontend.StartNotice{Kind: frontend.PracticeFailed, Detail: err.Error()})}, nil
	}
	if aside := server.SetAside(); aside != "" {
		notices = append(notices, frontend.StartNotice{Kind: frontend.PracticeAnew, Aside: aside})
	}
	return practiceBanks{server: server, notices: notices}, nil
}

// practiceAddress returns where the practice banks are to answer: where the option says,
// else at the port in the settings, if nobody has it, else at a free one.
func practiceAddress(ctx context.Context, o options, store *storage.Store, log *slog.Logger) (addr string, notices []frontend.StartNotice) {
	const free = "127.0.0.1:0"
	if o.control != "" {
		return o.control, nil
	}
	port, err := app.PracticePort(ctx, store)
	if err != nil || port == 0 {
		return free, nil
	}
	addr = net.JoinHostPort("127.0.0.1", strconv.Itoa(port))
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		log.Warn("the practice banks' port is taken", "address", addr, "error", err)
		return free, []frontend.StartNotice{{Kind: frontend.PracticePortTaken, Aside: addr, Detail: err.Error()}}
	}
	_ = listener.Close() // it was to see whether somebody else has it
	return addr, nil
}

// Close stops the practice banks.
func (p practiceBanks) Close() error {
	if p.server == nil {
		return nil
	}
	return p.server.Close()
}

// control returns where their clock is kept; nowhere without them.
func (p practiceBanks) control() string {
	if p.server == nil {
		return ""
	}
	return p.server.Info().Control
}

// logins returns those they accept, for the settings to show.
func (p practiceBanks) logins() []frontend.Login {
	if p.server == nil {
		return nil
	}
	var all []frontend.Login
	for _, psu := range p.server.Info().PSUs {
		all = append(all, frontend.Login{Name: psu.Name, Login: psu.Login, Password: psu.Password, Code: psu.Code})
	}
	return all
}

// offer points the environments of the sandbox to the practice banks.
func (p practiceBanks) offer(ctx context.Context, banks *app.App) error {
	if p.server == nil {
		return nil
	}
	return banks.UseSandbox(ctx, bank.Practice(p.server.Info()))
}

const sandboxUsage = `Starts the practice banks alone, until it is interrupted, and prints how to reach them as JSON: addresses, banks, and
whose logins they know.

  consentry sandbox [options]

`

// runSandbox runs the practice banks alone.
func runSandbox(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("consentry sandbox", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprint(stderr, sandboxUsage)
		flags.PrintDefaults()
	}
	addr := flags.String("addr", "127.0.0.1:0", "loopback `address` to answer at; port 0 takes a free one")
	seed := flags.Int64("seed", 1, "`number` the banks' data are made from")
	state := flags.String("state", "", "`file` in which consents outlive the program; in memory unless given")
	verbose := flags.Bool("v", false, "log every request")
	account := bulkFlags(flags)
	if err := flags.Parse(args); err != nil {
		return misused(err)
	}
	if err := checkLoopback("-addr", *addr); err != nil {
		return err
	}
	server, err := sandbox.Start(*addr, sandbox.Config{Seed: *seed, State: *state, Log: newLog(stderr, *verbose)})
	if err != nil {
		return err
	}
	if err := account.give(server.Info()); err != nil {
		return errors.Join(err, server.Close())
	}
	out := json.NewEncoder(stdout)
	out.SetIndent("", "  ")
	if err := out.Encode(server.Info()); err != nil {
		return errors.Join(err, server.Close())
	}
	<-ctx.Done()
	return server.Close()
}
