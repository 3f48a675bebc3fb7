// Consentry shows a bank customer their accounts at all banks in one place, and
// keeps them in charge of every consent.
//
// This file is the program's table of contents: what each command starts, in
// which order, and how it ends.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"

	"consentry/app"
	"consentry/app/backup"
	"consentry/app/heap"
	"consentry/app/lock"
	"consentry/app/shell"
	"consentry/frontend"
	"consentry/frontend/ui"
)

const usage = `Consentry: your accounts at all banks, and who may read them.

  consentry                 start the program and show it
  consentry serve           start it without showing it; the first line printed is its address
  consentry open            show the one that runs: its window, or your browser at a new address of it
  consentry replay FILE     start it with a bank made of a recording (HAR), on a data folder of its own
  consentry sandbox         start the practice banks alone; prints how to reach them
  consentry update [BANK]   read what is new at your banks, as often as that is allowed without you
  consentry backup FILE     keep all of it in one sealed file
  consentry restore FILE    bring such a file back, here or on another machine
  consentry export          save recorded exchanges as files for other programs
  consentry check ENV       ask an environment all that is only read, and hold it to the official definition
  consentry version         print the version, its commit and its date

Options of a command: consentry COMMAND -h
`

func main() {
	switch err := run(untilSignal(), os.Args[1:], os.Stdout, os.Stderr); {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "consentry:", ui.Seen(err.Error()))
		os.Exit(exitCode(err))
	}
}

// run carries out what stands on the command line.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	command := ""
	if len(args) > 0 && args[0] != "" && args[0][0] != '-' {
		command, args = args[0], args[1:]
	}
	switch command {
	case "", "serve":
		return serve(ctx, command, args, stdout, stderr)
	case "open":
		return runOpen(ctx, args, stdout, stderr)
	case "replay":
		return runReplay(ctx, args, stdout, stderr)
	case "sandbox":
		return runSandbox(ctx, args, stdout, stderr)
	case "export":
		return export(ctx, args, stdout, stderr)
	case "backup":
		return runBackup(ctx, args, stdout, stderr)
	case "restore":
		return runRestore(ctx, args, stdout, stderr)
	case "update":
		return runUpdate(ctx, args, stdout, stderr)
	case "check":
		return runCheck(ctx, args, stdout, stderr)
	case "version":
		fmt.Fprint(stdout, version())
		return nil
	case "help":
		fmt.Fprint(stdout, usage)
		return nil
	}
	return misused(fmt.Errorf("there is no command %q\n\n%s", command, usage))
}

// serve runs the program: options, parts, wiring, and then until it ends.
func serve(ctx context.Context, command string, args []string, stdout, stderr io.Writer) error {
	o, err := parse(command, args, stderr)
	if err != nil {
		return err
	}
	return launch(ctx, o, stdout, stderr)
}

// launch runs the program with its options.
func launch(ctx context.Context, o options, stdout, stderr io.Writer) error {
	log := newLog(stderr, o.verbose)
	if shown, err := comeForward(ctx, o, log, 0, stdout); shown {
		return err
	}
	speech, err := speech()
	if err != nil {
		return err
	}
	heap.Make()
	listener, err := net.Listen("tcp", o.addr)
	if err != nil {
		return err
	}
	defer listener.Close()
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	s := newStage(o, speech, log, listener, end)
	err = s.run(ctx, func() error { return household(ctx, s, stdout) })
	if o.background && err != nil && !s.admitted.Load() { // which nobody would see
		return s.notStarted(err)
	}
	return err
}

// bringUp starts one part after the other on the data of a profile, and ends them in the opposite order. Why they ended is the
// error: an [over], an [away] or a [lockedUp].
func bringUp(ctx context.Context, s *stage, of *opened, unlock unlocking, stdout io.Writer) (err error) {
	o, log := s.options, s.log
	o.data = of.Folder
	store, key, err := openData(ctx, o.data, log, unlock, startWait, s.tell)
	if err != nil {
		return refuse(ctx, s, stdout, err)
	}
	defer forget(key)
	s.locked.Store(false)
	defer closing(&err, store.Close)
	if of.practice == nil {
		practice, err := startPractice(ctx, o, store, log)
		if err != nil {
			return err
		}
		of.practice = &practice
	}
	banks := app.New(app.Config{
		Store: store, Log: log, Control: of.practice.control(), Pause: o.pause, WholeAnswers: o.whole,
		CallbackURL: s.callbacks.URL(), ListenCallback: s.callbacks.Listen,
	})
	defer banks.Close() // before the practice banks, which it may be reading from
	device, err := begin(ctx, banks, *of.practice, o.recording)
	if err != nil {
		return refuse(ctx, s, stdout, byDisk(o.data, err))
	}
	locks, err := lock.New(ctx, lock.Config{Store: store, Key: key})
	if err != nil {
		return err
	}
	profiles, err := frontend.NewProfiles(of.household, of.ID)
	if err != nil {
		return err
	}
	screens := frontend.New(frontend.Config{
		App: banks, Log: log, Speech: s.speech, About: about(o, key, *of.practice, log), Device: device, OpenBrowser: shell.Browser(), Callbacks: s.callbacks,
		Sessions: s.sessions, Login: s.login, Lock: locks, Profiles: profiles,
		Backup: &frontend.Backup{Folder: backup.In(o.data, log), Source: backup.Source{Store: store, Key: key}}, End: func() { s.end(nil) },
	}, s.listener)
	banks.Banks().KeepFresh()
	banks.Watch()
	banks.Payments().Keep()
	if o.open || o.background {
		banks.Reminders().Keep(s.notifier(screens))
		banks.Alerts().Keep(s.alerter(screens))
	}
	return present(ctx, s, shown{of, banks, screens, locks, profiles, key}, stdout)
}

// begin offers the practice banks and those made of recordings, and returns the id of this
// installation, which banks may ask for.
func begin(ctx context.Context, banks *app.App, practice practiceBanks, recording string) (device string, err error) {
	if err := practice.offer(ctx, banks); err != nil {
		return "", err
	}
	if err := playRecordings(ctx, banks, recording); err != nil {
		return "", err
	}
	return banks.Device(ctx)
}

// newLog returns a log for people to read; of every request if it is to be verbose.
func newLog(w io.Writer, verbose bool) *slog.Logger {
	level := slog.LevelInfo
	if verbose {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level}))
}

// closing closes something at the end and keeps the first error that is one: that a profile was left, or the program ended
// as it was to, is none.
func closing(err *error, close func() error) {
	if closed := close(); closed != nil && (*err == nil || asMeant(*err)) {
		*err = closed
	}
}

// asMeant reports whether an error says no more than why something ended as it was to.
func asMeant(err error) bool {
	var ended over
	var left away
	var locked lockedUp
	return errors.As(err, &ended) && ended.err == nil || errors.As(err, &left) || errors.As(err, &locked)
}
