package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"

	"consentry/app/instance"
)

const openUsage = `Shows the program that runs: brings its window forward, or opens your browser at a new address of it.

  consentry open [options]

Ends with 0 when it is shown, 1 when it could not be shown, 2 when the command line is not understood, 3 when
none runs with the data folder.

`

// runOpen shows the program that runs on a data folder, or prints an address of it.
func runOpen(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("consentry open", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprint(stderr, openUsage)
		flags.PrintDefaults()
	}
	data := flags.String("data", "", "`folder` with what the program keeps (default: consentry in your configuration folder)")
	print := flags.Bool("print", false, "print the address instead: it works once, in the next ten minutes")
	if err := flags.Parse(args); err != nil {
		return misused(err)
	}
	if flags.NArg() > 0 {
		return misused(fmt.Errorf("%q is not understood; see consentry open -h", flags.Arg(0)))
	}
	dir, err := dataFolder(*data)
	if err != nil {
		return err
	}
	want := instance.WantShown
	if *print {
		want = instance.WantAddress
	}
	running, err := reach(ctx, dir, want, 0)
	switch {
	case errors.Is(err, instance.ErrNone):
		return ended{fmt.Errorf("none runs with the data folder %s; start one: consentry -data %q (%w)", dir, dir, err), exitNothing}
	case err != nil:
		return err
	case *print:
		fmt.Fprintln(stdout, running.Answer.Address)
		return nil
	}
	return handOver(ctx, running, stdout)
}
