package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"

	"consentry/app"
	"consentry/frontend"
)

// The codes with which a command ends that has a data folder for itself, for scripts; docs/testing.md has them with those
// that a command has of its own.
const (
	commandMisused = 2 // the command is not understood, or nothing is called as was said
	commandInUse   = 3 // a running program has the data folder
	commandFailed  = 4 // it could not be carried out
)

// commandOptions are what a person can say to every such command.
type commandOptions struct {
	options
	access
	on   string // the one thing that stands on the line without an option; empty for none
	json string // the file to write what came of it to, as JSON; empty for none
}

// parse reads a command line; flags has the options that the command has of its own.
func (o *commandOptions) parse(flags *flag.FlagSet, usage string, args []string, stderr io.Writer) error {
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprint(stderr, usage)
		flags.PrintDefaults()
	}
	flags.StringVar(&o.json, "json", "", "`file` to write what came of it to, as JSON")
	flags.StringVar(&o.data, "data", "", "`folder` with what the program keeps (default: consentry in your configuration folder)")
	o.access.flags(flags)
	flags.BoolVar(&o.sandbox, "sandbox", true, "start the practice banks inside the program")
	flags.Int64Var(&o.seed, "seed", 1, "`number` the practice banks' data are made from")
	flags.BoolVar(&o.verbose, "v", false, "log every request")
	var err error
	if o.on, err = parseAround(flags, args); err != nil {
		return err
	}
	if o.data, err = dataFolder(o.data); err != nil {
		return err
	}
	if o.data, err = o.access.folder(o.data); err != nil {
		return err
	}
	_, err = os.Stat(o.data)
	return err
}

// parseAround parses the options of a command, before and behind the one thing that stands on its line without an option; on is
// empty where it is not there.
func parseAround(flags *flag.FlagSet, args []string) (on string, err error) {
	if slices.Contains(args, "") { // a variable that is not set: nothing is meant that would go without it
		return "", fmt.Errorf("a name or value is empty; see %s -h", flags.Name())
	}
	if err = flags.Parse(args); err == nil && flags.NArg() > 0 {
		on = flags.Arg(0)
		err = flags.Parse(flags.Args()[1:])
	}
	if err == nil && flags.NArg() > 0 {
		err = fmt.Errorf("%q is not understood; see %s -h", flags.Arg(0), flags.Name())
	}
	return on, err
}

// misused is what a command line that cannot be parsed ends with; asking how it is used is no mistake.
func misused(err error) error {
	if errors.Is(err, flag.ErrHelp) {
		return err
	}
	return ended{err, commandMisused}
}

// command is the program as a command has it: with all banks, and without a person or a screen.
type command struct {
	*app.App
	log            *slog.Logger
	stdout, stderr *shownOutput
}

// shown has what is printed from now on be as it may be seen, with what is known by now, and returns how that is.
func (c command) shown(ctx context.Context) (*frontend.Presented, error) {
	return presentTo(ctx, c.App, c.stdout, c.stderr)
}

// alone does something with a data folder that nothing else uses. What keeps it from that ends the command with its code;
// so does an error of what is done that has no code of its own.
func alone(ctx context.Context, o commandOptions, stdout, stderr io.Writer, do func(command) error) error {
	err := withFolder(ctx, o, stdout, stderr, do)
	var refusal frontend.Refusal
	coded := ended{}
	switch {
	case err == nil || errors.As(err, &coded):
		return err
	case errors.As(err, &refusal) && refusal.Kind == frontend.FolderInUse:
		return ended{err, commandInUse}
	}
	return ended{err, commandFailed}
}

func withFolder(ctx context.Context, o commandOptions, stdout, stderr io.Writer, do func(command) error) (err error) {
	out, said := &shownOutput{Writer: stdout}, &shownOutput{Writer: stderr}
	log := newLog(said, o.verbose)
	store, key, err := openData(ctx, o.data, log, o.access.unlock, 0, tenths(log))
	if err != nil {
		return err
	}
	defer key.Erase()
	defer closing(&err, store.Close)
	practice, err := startPractice(ctx, o.options, store, log)
	if err != nil {
		return err
	}
	defer closing(&err, practice.Close)
	banks := app.New(app.Config{Store: store, Log: log, Control: practice.control()})
	defer banks.Close()
	if _, err := begin(ctx, banks, practice, ""); err != nil {
		return err
	}
	return do(command{banks, log, out, said})
}
