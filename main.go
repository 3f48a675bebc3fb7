// Consentry shows a bank customer their accounts at all banks in one place, and
// keeps them in charge of every consent.
//
// This file is the program's table of contents: what each command starts, in
// which order, and how it ends.
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
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"consentry/app"
	"consentry/app/shell"
	"consentry/frontend"
	"consentry/frontend/ui"
	"consentry/storage"
	"consentry/storage/folder"
	"consentry/xs2a/sandbox"
)

const usage = `Consentry: your accounts at all banks, and who may read them.

  consentry                 start the program and show it
  consentry serve           start it without showing it; the first line printed is its address
  consentry sandbox         start the practice banks alone; prints how to reach them
  consentry version         print the version

Options of a command: consentry COMMAND -h
`

func main() {
	switch err := run(untilSignal(), os.Args[1:], os.Stdout, os.Stderr); {
	case errors.Is(err, flag.ErrHelp):
	case err != nil:
		fmt.Fprintln(os.Stderr, "consentry:", err)
		os.Exit(1)
	}
}

// untilSignal returns a context that ends with a signal. A second one ends the
// program at once, and so does whatever still waits when longestEnd is over, be it
// the window. The window listens for signals, too, and would keep the second.
func untilSignal() context.Context {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	ctx, end := context.WithCancel(context.Background())
	go func() {
		<-signals
		end()
		select {
		case <-signals:
		case <-time.After(longestEnd):
		}
		fmt.Fprintln(os.Stderr, "consentry: ended at once; what was committed before is kept")
		os.Exit(1)
	}()
	return ctx
}

// longestEnd is longer than all that ends in order takes together: requests, work
// in the background, the record of exchanges, the practice banks.
const longestEnd = 30 * time.Second

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	command := ""
	if len(args) > 0 && args[0] != "" && args[0][0] != '-' {
		command, args = args[0], args[1:]
	}
	switch command {
	case "", "serve":
		return serve(ctx, command, args, stdout, stderr)
	case "sandbox":
		return practise(ctx, args, stdout, stderr)
	case "version":
		fmt.Fprintln(stdout, "consentry", storage.Version())
		return nil
	case "help":
		fmt.Fprint(stdout, usage)
		return nil
	}
	return fmt.Errorf("there is no command %q\n\n%s", command, usage)
}

// options are what a person can say when starting the program.
type options struct {
	addr    string
	data    string
	open    bool
	sandbox bool
	seed    int64
	pause   time.Duration
	verbose bool
}

func parse(command string, args []string, stderr io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("consentry "+command, flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.addr, "addr", "127.0.0.1:0", "loopback `address` to answer at; port 0 takes a free one")
	flags.StringVar(&o.data, "data", "", "`folder` for everything the program keeps (default: consentry in your configuration folder)")
	flags.BoolVar(&o.open, "open", command == "", "show the program in the window or browser")
	flags.BoolVar(&o.sandbox, "sandbox", true, "start the practice banks inside the program")
	flags.Int64Var(&o.seed, "seed", 1, "`number` the practice banks' data are made from")
	flags.DurationVar(&o.pause, "pause", time.Second, "`time` between questions to a bank that is not done yet; tests make it short")
	flags.BoolVar(&o.verbose, "v", false, "log every request")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("%q is not understood; see consentry %s -h", flags.Arg(0), command)
	}
	if o.data == "" {
		config, err := os.UserConfigDir()
		if err != nil {
			return o, fmt.Errorf("no folder to keep data in: %w; name one with -data", err)
		}
		o.data = filepath.Join(config, "consentry")
	}
	return o, checkLoopback(o.addr)
}

// checkLoopback refuses to answer to other machines.
func checkLoopback(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("-addr: %w", err)
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return fmt.Errorf("-addr: %q is not a loopback address such as 127.0.0.1", host)
	}
	return nil
}

// serve runs the program: store, practice banks, application, screens, shell.
func serve(ctx context.Context, command string, args []string, stdout, stderr io.Writer) (err error) {
	o, err := parse(command, args, stderr)
	if err != nil {
		return err
	}
	log := newLog(stderr, o.verbose)

	store, key, err := openData(ctx, o.data, log)
	if err != nil {
		return refuse(ctx, o, log, stdout, err)
	}
	defer closing(&err, store.Close)

	listener, err := net.Listen("tcp", o.addr)
	if err != nil {
		return err
	}
	about := frontend.About{Version: storage.Version(), DataDir: o.data, KeySource: key.Source(), Notices: folderNotices(o.data, log)}
	practice := startPractice(o, log, &about)
	if practice != nil {
		defer closing(&err, practice.Close)
	}

	var screens *frontend.Server
	banks := app.New(app.Config{
		Store: store, Log: log, Control: control(practice), Pause: o.pause,
		CallbackURL:    "http://" + listener.Addr().String() + frontend.CallbackPath,
		ListenCallback: func(address string) error { return screens.ListenCallback(address) },
	})
	defer banks.Close() // before the practice banks, which it may be reading from
	if practice != nil {
		if err := usePractice(ctx, banks, practice.Info(), &about); err != nil {
			return refuse(ctx, o, log, stdout, byDisk(o.data, err))
		}
	}

	device, err := banks.Device(ctx)
	if err != nil {
		return refuse(ctx, o, log, stdout, byDisk(o.data, err))
	}
	config := frontend.Config{App: banks, Log: log, About: about, Device: device}
	if shell.Window {
		config.OpenBrowser = shell.OpenBrowser
	}
	screens = frontend.New(config, listener)
	address := screens.Address()
	fmt.Fprintln(stdout, address)

	ctx, end := context.WithCancelCause(ctx)
	go func() { end(screens.Serve(listener)) }()
	banks.KeepDirectoriesFresh()
	banks.Watch()
	if o.open {
		banks.KeepReminding(shell.Notify)
	}

	err = show(ctx, o, shell.Options{URL: address, Title: "Consentry", Open: true, Begun: screens.Begun(), Log: log, Waiting: waiting(ctx, banks)})
	if cause := context.Cause(ctx); err == nil && cause != nil && !errors.Is(cause, context.Canceled) {
		err = cause // the server could not go on
	}
	grace, cancel := context.WithTimeout(context.Background(), lastRequests)
	defer cancel()
	if err := screens.Shutdown(grace); err != nil {
		log.Debug("requests were cut off", "error", err)
	}
	return err
}

// lastRequests is how long requests of the person's may go on when the program
// ends. Work in the background has its own time, see app.Config; the practice
// banks have two seconds.
const lastRequests = 3 * time.Second

// show presents the program until the person or the system ends it.
func show(ctx context.Context, o options, window shell.Options) error {
	if !o.open {
		<-ctx.Done()
		return nil
	}
	return shell.Run(ctx, window)
}

// waiting tells how many permissions wait for the person.
func waiting(ctx context.Context, banks *app.App) func() int {
	return func() int {
		summary, err := banks.Summary(ctx)
		if err != nil {
			return 0
		}
		return summary.NeedYou
	}
}

// control is where the practice banks' clock is kept; nowhere without them.
func control(practice *sandbox.Server) string {
	if practice == nil {
		return ""
	}
	return practice.Info().Control
}

// startPractice starts the practice banks inside the program. Whatever keeps them
// from it keeps nobody from their own accounts: nil then, and a notice.
func startPractice(o options, log *slog.Logger, about *frontend.About) *sandbox.Server {
	if !o.sandbox {
		return nil
	}
	practice, err := sandbox.Start("127.0.0.1:0", sandbox.Config{Seed: o.seed, Log: log, State: filepath.Join(o.data, folder.State)})
	if err != nil {
		log.Error("the practice banks did not start", "error", err)
		about.Notices = append(about.Notices, ui.Notice{ID: "practice", Tone: ui.Warn, Title: "The practice banks did not start.",
			Lost: "Your own accounts work as ever.", Next: "The details say why.", Detail: err.Error()})
		return nil
	}
	if aside := practice.SetAside(); aside != "" {
		about.Notices = append(about.Notices, ui.Notice{ID: "practice", Tone: ui.Warn, Title: "The file of the practice banks was damaged, so they started anew.",
			Lost: "Your own accounts work as ever; permissions at practice banks have to be asked for again.", Next: "The old file lies in " + aside + "."})
	}
	return practice
}

// folderNotices say what others of the machine can do in the data folder.
func folderNotices(dir string, log *slog.Logger) (notices []ui.Notice) {
	for _, warning := range folder.Warnings(dir) {
		log.Warn(warning)
		notices = append(notices, ui.Notice{Tone: ui.Warn, Title: warning})
	}
	return notices
}

// usePractice points the environment of the practice banks to them.
func usePractice(ctx context.Context, banks *app.App, info sandbox.Info, about *frontend.About) error {
	for _, psu := range info.PSUs {
		about.SandboxLogins = append(about.SandboxLogins, frontend.Login{Name: psu.Name, Login: psu.Login, Password: psu.Password, Code: psu.Code})
	}
	return banks.UseSandbox(ctx, app.Practice(info))
}

// practise runs the practice banks alone.
func practise(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("consentry sandbox", flag.ContinueOnError)
	flags.SetOutput(stderr)
	addr := flags.String("addr", "127.0.0.1:0", "loopback `address` to answer at; port 0 takes a free one")
	seed := flags.Int64("seed", 1, "`number` the banks' data are made from")
	state := flags.String("state", "", "`file` in which consents outlive the program; in memory unless given")
	verbose := flags.Bool("v", false, "log every request")
	if err := flags.Parse(args); err != nil {
		return err
	}
	server, err := sandbox.Start(*addr, sandbox.Config{Seed: *seed, State: *state, Log: newLog(stderr, *verbose)})
	if err != nil {
		return err
	}
	out := json.NewEncoder(stdout)
	out.SetIndent("", "  ")
	if err := out.Encode(server.Info()); err != nil {
		return errors.Join(err, server.Close())
	}
	<-ctx.Done()
	return server.Close()
}

func newLog(w io.Writer, verbose bool) *slog.Logger {
	level := slog.LevelInfo
	if verbose {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level}))
}

// closing closes something at the end and keeps the first error.
func closing(err *error, close func() error) {
	if closed := close(); *err == nil {
		*err = closed
	}
}
