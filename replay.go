package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"consentry/app"
	"consentry/app/failure"
	"consentry/app/recording"
)

const replayUsage = `Starts the program with a bank made of a recording: it answers as the bank of the recording did. The data folder is
a new one that goes at the end, unless -data names one that stays.

  consentry replay FILE [options]

FILE is a HAR file, such as "consentry export -as har" and the screens save.
`

// runReplay starts the program with a bank made of a recording, on a data folder that goes
// at the end unless one is named.
func runReplay(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	if len(args) == 1 && (names(args, "h") || names(args, "help")) {
		_, err := parse("replay", args, stderr)
		return err
	}
	if len(args) == 0 || strings.HasPrefix(args[0], "-") {
		return misused(errors.New("name the recording first: consentry replay FILE.har"))
	}
	file := args[0]
	if _, err := os.Stat(file); err != nil {
		return err
	}
	// Its own banks are enough, and its window is shown, unless one says otherwise.
	o, err := parse("replay", append([]string{"-open", "-sandbox=false"}, args[1:]...), stderr)
	if err != nil {
		return err
	}
	if o.recording = file; !names(args[1:], "data") {
		if o.data, err = os.MkdirTemp("", "consentry-replay-"); err != nil {
			return err
		}
		defer closing(&err, func() error { return os.RemoveAll(o.data) })
		// Its key goes with it: nothing is to be left in the keyring.
		if err := os.Setenv("CONSENTRY_KEYRING", "off"); err != nil {
			return err
		}
	}
	return launch(ctx, o, stdout, stderr)
}

// names reports whether an option is among arguments.
func names(args []string, option string) bool {
	for _, arg := range args {
		name, _, _ := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		if strings.HasPrefix(arg, "-") && name == option {
			return true
		}
	}
	return false
}

// playRecordings plays those that were played when the program ended, and that of a file.
func playRecordings(ctx context.Context, banks *app.App, file string) error {
	recordings := banks.Recordings()
	if file == "" {
		return recordings.Resume(ctx)
	}
	content, err := readRecording(file)
	if err != nil {
		return err
	}
	one, err := recordings.Bring(ctx, filepath.Base(file), content)
	if err == nil {
		_, err = recordings.Play(ctx, one.ID)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", file, reasonOf(err))
	}
	return recordings.Resume(ctx)
}

func readRecording(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	content, err := io.ReadAll(io.LimitReader(f, recording.MaxFile+1))
	if err == nil && len(content) > recording.MaxFile {
		err = fmt.Errorf("%s is larger than %d MB", file, recording.MaxFile>>20)
	}
	return content, err
}

// reasonOf says on a terminal why a recording is not played.
func reasonOf(err error) error {
	var failed *failure.Error
	if !errors.As(err, &failed) {
		return err
	}
	switch code := failed.Code; {
	case code == failure.NothingToPlay:
		return errors.New("nothing in it was asked of a bank")
	case failed.Fields["file"].Code == failure.RecordingEmpty:
		return errors.New("there is no exchange in it")
	case failed.Fields["file"].Code == failure.TooManyRecordings:
		return fmt.Errorf("there are %d recordings in the data folder; remove one first", failed.Fields["file"].Of)
	}
	return fmt.Errorf("it is no recording that can be read (HAR, Postman collection, .http): %s", failed.Detail)
}
