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
	"slices"
	"strings"
	"time"

	"consentry/app"
	"consentry/app/activity"
	"consentry/app/secret"
	"consentry/frontend"
	"consentry/storage"
)

// exportOptions are what is exported, and how.
type exportOptions struct {
	access
	data, out, flow string
	class           string
	format          string
	exchange        int64
	words           string
	secrets         bool
}

const exportUsage = `Saves recorded exchanges as files for other programs, also while Consentry runs.

  consentry export [options] [WORD…]

Those are saved in which all the words stand; without any, all of them, the newest 1,000 at most.
The names of the files are printed, one in each line. In presenter mode they are masked as on the screens.

Ends with 0 when they were saved, 1 when that failed, 2 when the command line is not understood,
3 when there is no such exchange, 6 when a passphrase protects the data and the right one was not said.

`

// export saves exchanges as files.
func export(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	o, err := parseExport(args, stderr)
	if err != nil {
		return err
	}
	if o.data, err = dataFolder(o.data); err != nil {
		return err
	}
	if o.data, err = o.access.folder(o.data); err != nil {
		return err
	}
	store, err := openToRead(ctx, o.data, newLog(stderr, false), o.access.unlock)
	if err != nil {
		return err
	}
	defer closing(&err, store.Close)
	banks := app.New(app.Config{Store: store})
	defer banks.Close()
	files, err := exported(ctx, banks, o, stderr)
	if errors.Is(err, storage.ErrNotFound) {
		return ended{errors.New("there is no such exchange"), exitNothing}
	}
	if err != nil {
		return err
	}
	return saveFiles(files, o.out, stdout)
}

func parseExport(args []string, stderr io.Writer) (exportOptions, error) {
	var o exportOptions
	flags := flag.NewFlagSet("consentry export", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprint(stderr, exportUsage)
		flags.PrintDefaults()
	}
	flags.StringVar(&o.data, "data", "", "`folder` with the program's data (default: consentry in your configuration folder)")
	o.access.flags(flags)
	flags.StringVar(&o.format, "as", string(activity.HAR), "`form`: har, postman, http or curl")
	flags.StringVar(&o.out, "out", ".", "`folder` for the files, which are not written over others; - writes a single one to the terminal")
	flags.StringVar(&o.flow, "flow", "", "the `id` of a consent or payment: all that was exchanged for it")
	flags.Int64Var(&o.exchange, "exchange", 0, "the `number` of one exchange, as its address in the program has it")
	flags.StringVar(&o.class, "class", "", "those that ended so: worked, refused, broken or noanswer")
	flags.BoolVar(&o.secrets, "with-secrets", false, "with the tokens and the client's secret that the program has; the files' names say so")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return o, err
	} else if err != nil {
		return o, ended{err, exitUsage}
	}
	o.words = strings.Join(flags.Args(), " ")
	if !slices.Contains(activity.Formats(), activity.Format(o.format)) {
		return o, ended{fmt.Errorf("-as: there is no form %q", o.format), exitUsage}
	}
	if !slices.Contains([]storage.Class{"", storage.Worked, storage.Refused, storage.Broken, storage.NoAnswer}, storage.Class(o.class)) {
		return o, ended{fmt.Errorf("-class: nothing ends %q", o.class), exitUsage}
	}
	if o.out == "-" && (o.format == string(activity.Postman) || o.format == string(activity.Curl)) {
		return o, ended{fmt.Errorf("-out: %s is two files", o.format), exitUsage}
	}
	return o, nil
}

// openToRead opens a data folder that may be in use, and changes nothing in it.
func openToRead(ctx context.Context, dir string, log *slog.Logger, unlock unlocking) (*storage.Store, error) {
	store, _, err := openKeyed(ctx, dir, log, unlock)
	return store, err
}

// openKeyed is openToRead, and returns the key beside the store.
func openKeyed(ctx context.Context, dir string, log *slog.Logger, unlock unlocking) (*storage.Store, *secret.Box, error) {
	if err := finishRestore(dir, log); err != nil {
		return nil, nil, err
	}
	if _, err := os.Stat(filepath.Join(dir, storage.FileName)); err != nil { // and no key is made for it
		return nil, nil, ended{fmt.Errorf("nothing is stored in %s", dir), exitNothing}
	}
	key, err := loadKey(ctx, dir, log, unlock)
	if err != nil {
		return nil, nil, err
	}
	store, err := storage.OpenToRead(ctx, dir, key, time.Now)
	if errors.Is(err, storage.ErrOlder) {
		err = fmt.Errorf("the data in %s are of an earlier version: start this one once", dir)
	}
	if err != nil {
		key.Erase()
		return nil, nil, err
	}
	return store, key, nil
}

// exported are the files of what is asked for.
func exported(ctx context.Context, banks *app.App, o exportOptions, stderr io.Writer) ([]activity.File, error) {
	shown, err := frontend.Presenting(ctx, banks)
	switch {
	case err != nil:
		return nil, err
	case shown.HidesAmounts():
		return nil, errAmountsHidden
	case shown != nil && o.secrets:
		return nil, errors.New("-with-secrets: presenter mode is on; end it in the settings first")
	}
	record := banks.Record()
	o.words = shown.Meant(o.words)
	choice := activity.Choice{ID: o.exchange, Query: storage.ExchangeQuery{Words: o.words, Class: storage.Class(o.class)}}
	if o.flow != "" {
		choice.Query.FlowID = &o.flow
	}
	taking, err := record.Take(ctx, choice)
	if err != nil {
		return nil, err
	}
	if taking.More {
		fmt.Fprintf(stderr, "the newest %d exchanges are saved; there are older ones\n", len(taking.Exchanges))
	}
	var known *activity.Known
	if o.secrets {
		if known, err = record.Known(ctx, taking); err != nil {
			return nil, err
		}
		if missing := known.Missing(taking); len(missing) > 0 {
			fmt.Fprintln(stderr, "missing, because they are not kept:", strings.Join(missing, ", "))
		}
	}
	return shown.Taken(taking).Files(activity.Format(o.format), known)
}

// saveFiles writes files into a folder, closed to others, and prints their names.
func saveFiles(files []activity.File, folder string, stdout io.Writer) error {
	if folder == "-" {
		_, err := stdout.Write(files[0].Data)
		return err
	}
	for _, file := range files {
		path := filepath.Join(folder, file.Name)
		to, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if err != nil {
			return err
		}
		_, err = to.Write(file.Data)
		if err := errors.Join(err, to.Close()); err != nil {
			return err
		}
		fmt.Fprintln(stdout, path)
	}
	return nil
}
