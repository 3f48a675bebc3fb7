package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"consentry/app"
	"consentry/app/verdict"
	"consentry/frontend"
	"consentry/storage"
)

// The codes with which "consentry check" ends, for scripts; docs/testing.md has them.
const (
	checkDeparts   = 1 // something does not keep to the definition
	checkMisused   = 2 // the command is not understood, or there is no such environment
	checkInUse     = 3 // a running program has the data folder
	checkNotPassed = 4 // the check could not be carried out
)

// checkOptions are what a person can say when checking an environment.
type checkOptions struct {
	options
	environment string
	junit, json string
}

func parseCheck(args []string, stderr io.Writer) (checkOptions, error) {
	var o checkOptions
	flags := flag.NewFlagSet("consentry check", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprintln(stderr, "Usage: consentry check ENVIRONMENT [options]\n\nAsks all that is only read at an environment, by its id or name, and holds each answer to the official definition.")
		flags.PrintDefaults()
	}
	flags.StringVar(&o.junit, "junit", "", "`file` to write the report to as JUnit XML")
	flags.StringVar(&o.json, "json", "", "`file` to write the report to as JSON")
	flags.StringVar(&o.data, "data", "", "`folder` with what the program keeps (default: consentry in your configuration folder)")
	flags.BoolVar(&o.sandbox, "sandbox", true, "start the practice banks inside the program")
	flags.Int64Var(&o.seed, "seed", 1, "`number` the practice banks' data are made from")
	flags.BoolVar(&o.verbose, "v", false, "log every request")
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		o.environment, args = args[0], args[1:]
	}
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if o.environment == "" && flags.NArg() == 1 {
		o.environment = flags.Arg(0)
	} else if flags.NArg() > 0 {
		return o, fmt.Errorf("%q is not understood; see consentry check -h", flags.Arg(0))
	}
	if o.environment == "" {
		return o, errors.New("name an environment; see consentry check -h")
	}
	if o.data == "" {
		config, err := os.UserConfigDir()
		if err != nil {
			return o, fmt.Errorf("no folder to keep data in: %w; name one with -data", err)
		}
		o.data = filepath.Join(config, "consentry")
	}
	_, err := os.Stat(o.data)
	return o, err
}

// runCheck asks an environment all that is only read, without a person and within the
// quota, and reports what keeps to the official definition.
func runCheck(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	o, err := parseCheck(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return err
	}
	if err != nil {
		return ended{err, checkMisused}
	}
	out, said := &shownOutput{Writer: stdout}, &shownOutput{Writer: stderr}
	log := newLog(said, o.verbose)
	store, _, err := openData(ctx, o.data, log, tenths(log))
	var refusal frontend.Refusal
	switch {
	case errors.As(err, &refusal) && refusal.Kind == frontend.FolderInUse:
		return ended{err, checkInUse}
	case err != nil:
		return ended{err, checkNotPassed}
	}
	defer closing(&err, store.Close)
	return check(ctx, o, log, store, out, said)
}

func check(ctx context.Context, o checkOptions, log *slog.Logger, store *storage.Store, stdout, stderr *shownOutput) (err error) {
	practice, err := startPractice(ctx, o.options, store, log)
	if err != nil {
		return ended{err, checkNotPassed}
	}
	defer closing(&err, practice.Close)
	banks := app.New(app.Config{Store: store, Log: log, Control: practice.control()})
	defer banks.Close()
	if _, err := begin(ctx, banks, practice, ""); err != nil {
		return ended{err, checkNotPassed}
	}
	id, err := environmentNamed(ctx, banks, o.environment)
	if err != nil {
		return err
	}
	shown, err := presentTo(ctx, banks, stdout, stderr)
	if err == nil && shown.HidesAmounts() && o.junit+o.json != "" {
		err = errAmountsHidden
	}
	if err != nil {
		return ended{err, checkNotPassed}
	}
	report, progress, err := banks.Verdicts().Check(ctx, id)
	if err != nil {
		return ended{err, checkNotPassed}
	}
	if shown, err = presentTo(ctx, banks, stdout, stderr); err != nil { // with the names that came
		return ended{err, checkNotPassed}
	}
	if err := o.write(report, shown); err != nil {
		return ended{err, checkNotPassed}
	}
	fmt.Fprintf(stdout, "%s: %d questions answered, %d refused or not answered, %d not asked\n", report.EnvironmentName, progress.Answered, progress.Refused, len(progress.Skipped))
	for _, each := range progress.Skipped {
		fmt.Fprintln(stdout, strings.TrimSpace("not asked: "+each.Step+", "+string(each.Why)+" "+each.Bank))
	}
	return judged(report, progress, stdout)
}

// judged prints the departures, and returns what the check came to.
func judged(report verdict.Report, progress verdict.Progress, stdout io.Writer) error {
	for _, operation := range report.Operations {
		for _, each := range operation.Departures {
			fmt.Fprintf(stdout, "departs: %s, %s %s %s: %s %s, has %s (%s), %d times\n", operation.Name, each.Side, each.In, each.Name, each.Rule, each.Wants, each.Value, each.Clause, each.Count)
		}
	}
	fmt.Fprintf(stdout, "%d exchanges: %d keep to the definition, %d depart from it, %d are not defined there\n", report.Exchanges, report.Kept, report.Departing, report.Undefined)
	seen, all := report.Described()
	fmt.Fprintf(stdout, "%d of the %d operations that the interfaces' descriptions list were seen\n", seen, all)
	switch {
	case progress.Answered == 0 && report.Departing == 0:
		return ended{errors.New("no question was answered"), checkNotPassed}
	case report.Departing > 0:
		return ended{fmt.Errorf("%d of %d exchanges depart from the definition", report.Departing, report.Exchanges), checkDeparts}
	}
	return nil
}

// environmentNamed finds an environment by its id or its name.
func environmentNamed(ctx context.Context, banks *app.App, name string) (id string, err error) {
	all, err := banks.Banks().Environments(ctx)
	if err != nil {
		return "", ended{err, checkNotPassed}
	}
	var known []string
	for _, one := range all {
		if one.ID == name || strings.EqualFold(one.Name, name) {
			return one.ID, nil
		}
		known = append(known, one.ID+" ("+one.Name+")")
	}
	return "", ended{fmt.Errorf("there is no environment %q, but: %s", name, strings.Join(known, ", ")), checkMisused}
}

// write writes the report into the files that were named.
func (o checkOptions) write(report verdict.Report, shown *frontend.Presented) error {
	for _, one := range []struct {
		file  string
		write func(io.Writer) error
	}{{o.junit, report.WriteJUnit}, {o.json, report.Write}} {
		if one.file == "" {
			continue
		}
		content, err := shownFile(shown, one.write)
		if err == nil {
			err = os.WriteFile(one.file, content, 0o600)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
