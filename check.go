package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"consentry/app"
	"consentry/app/verdict"
	"consentry/frontend"
)

// checkDeparts is the code with which "consentry check" ends where something does not keep to the definition.
const checkDeparts = 1

const checkUsage = `Usage: consentry check ENVIRONMENT [options]

Asks all that is only read at an environment, by its id or name, and holds each answer to the official definition.
There is no person: what a bank does not allow without one any more is not asked, and said.

Ends with 0 when all that was asked keeps to the definition, 1 when something departs from it, 2 when the command line is not
understood or there is no such environment, 3 when a running program has the data folder, 4 when the check could not be carried
out, 6 when a passphrase protects the data and the right one was not said.
`

// checkOptions are what a person can say when checking an environment, which is what they are on.
type checkOptions struct {
	commandOptions
	junit string
}

func parseCheck(args []string, stderr io.Writer) (checkOptions, error) {
	var o checkOptions
	flags := flag.NewFlagSet("consentry check", flag.ContinueOnError)
	flags.StringVar(&o.junit, "junit", "", "`file` to write the report to as JUnit XML")
	err := o.parse(flags, checkUsage, args, stderr)
	if err == nil && o.on == "" {
		err = errors.New("name an environment; see consentry check -h")
	}
	return o, err
}

// runCheck asks an environment all that is only read, without a person and within the
// quota, and reports what keeps to the official definition.
func runCheck(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o, err := parseCheck(args, stderr)
	if err != nil {
		return misused(err)
	}
	return alone(ctx, o.commandOptions, stdout, stderr, func(c command) error { return o.check(ctx, c) })
}

func (o checkOptions) check(ctx context.Context, c command) error {
	id, err := environmentNamed(ctx, c.App, o.on)
	if err != nil {
		return err
	}
	shown, err := c.shown(ctx)
	if err != nil {
		return err
	}
	if shown.HidesAmounts() && o.junit+o.json != "" {
		return errAmountsHidden
	}
	report, progress, err := c.Verdicts().Check(ctx, id)
	if err != nil {
		return err
	}
	if shown, err = c.shown(ctx); err != nil { // with the names that came
		return err
	}
	if err := o.write(report, shown); err != nil {
		return err
	}
	fmt.Fprintf(c.stdout, "%s: %d questions answered, %d refused or not answered, %d not asked\n", report.EnvironmentName, progress.Answered, progress.Refused, len(progress.Skipped))
	for _, each := range progress.Skipped {
		fmt.Fprintln(c.stdout, strings.TrimSpace("not asked: "+each.Step+", "+string(each.Why)+" "+each.Bank))
	}
	return judged(report, progress, c.stdout)
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
		return errors.New("no question was answered")
	case report.Departing > 0:
		return ended{fmt.Errorf("%d of %d exchanges depart from the definition", report.Departing, report.Exchanges), checkDeparts}
	}
	return nil
}

// environmentNamed finds an environment by its id or its name.
func environmentNamed(ctx context.Context, banks *app.App, name string) (id string, err error) {
	all, err := banks.Banks().Environments(ctx)
	if err != nil {
		return "", err
	}
	var known []string
	for _, one := range all {
		if one.ID == name || strings.EqualFold(one.Name, name) {
			return one.ID, nil
		}
		known = append(known, one.ID+" ("+one.Name+")")
	}
	return "", ended{fmt.Errorf("there is no environment %q, but: %s", name, strings.Join(known, ", ")), commandMisused}
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
