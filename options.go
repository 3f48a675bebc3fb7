package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// options are what a person can say when starting the program.
type options struct {
	addr    string
	data    string
	profile string // by its name; empty: the person is asked where there are several
	open    bool
	sandbox bool
	control string
	seed    int64
	pause   time.Duration
	verbose bool
	whole   bool // the record keeps answers whole

	background bool     // started without a person, who may want to see it later
	named      bool     // the data folder stands on the command line
	given      []string // what else does, and counts from a start on
	recording  string   // a file of which a bank is made; empty for none
}

// parse reads the options of a command that starts the program.
func parse(command string, args []string, stderr io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet(strings.TrimSpace("consentry "+command), flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		if says := map[string]string{"": usage, "replay": replayUsage}[command]; says != "" {
			fmt.Fprintln(stderr, says)
		}
		fmt.Fprintf(stderr, "Options of %s:\n", flags.Name())
		flags.PrintDefaults()
	}
	flags.StringVar(&o.addr, "addr", "127.0.0.1:0", "loopback `address` to answer at; port 0 takes a free one")
	flags.StringVar(&o.data, "data", "", "`folder` for everything the program keeps (default: consentry in your configuration folder)")
	flags.StringVar(&o.profile, "profile", "", "`name` of the profile to open; with several the program asks otherwise")
	flags.BoolVar(&o.open, "open", command == "", "show the program in the window or browser")
	flags.BoolVar(&o.background, "background", false, "start without showing anything, as at login: “consentry open” or another start shows it")
	flags.BoolVar(&o.sandbox, "sandbox", true, "start the practice banks inside the program")
	flags.StringVar(&o.control, "control", "", "loopback `address` of the practice banks and their control (default: the port in the settings, or a free one)")
	flags.Int64Var(&o.seed, "seed", 1, "`number` the practice banks' data are made from")
	flags.DurationVar(&o.pause, "pause", time.Second, "`time` between questions to a bank that is not done yet; tests make it short")
	flags.BoolVar(&o.whole, "whole-answers", false, "keep banks' answers whole in the record of activity, up to 1 MiB each, to play them back; else their first 64 KiB")
	flags.BoolVar(&o.verbose, "v", false, "log every request")
	if err := flags.Parse(args); err != nil {
		return o, misused(err)
	}
	if flags.NArg() > 0 {
		return o, misused(fmt.Errorf("%q is not understood; see %s -h", flags.Arg(0), flags.Name()))
	}
	flags.Visit(func(f *flag.Flag) {
		switch f.Name {
		case "data":
			o.named = true
		case "open", "background", "v": // not of what runs, but of how it is started
		default:
			o.given = append(o.given, "-"+f.Name)
		}
	})
	o.open = o.open && !o.background
	var err error
	if o.data, err = dataFolder(o.data); err != nil {
		return o, err
	}
	if o.control != "" {
		if !o.sandbox {
			return o, misused(errors.New("-control: it is the practice banks' address, and there are none with -sandbox=false"))
		}
		if err := checkLoopback("-control", o.control); err != nil {
			return o, err
		}
	}
	return o, checkLoopback("-addr", o.addr)
}

// dataFolder is the folder that was named, or the usual one.
func dataFolder(named string) (string, error) {
	if named != "" {
		return named, nil
	}
	config, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("no folder to keep data in: %w; name one with -data", err)
	}
	return filepath.Join(config, "consentry"), nil
}

// checkLoopback refuses to answer to other machines.
func checkLoopback(option, addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return misused(fmt.Errorf("%s: %w", option, err))
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return misused(fmt.Errorf("%s: %q is not a loopback address such as 127.0.0.1", option, host))
	}
	return nil
}
