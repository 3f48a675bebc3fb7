package main

import (
	"fmt"
	"os"
	"sync"

	"consentry/app/shell"
	"consentry/frontend"
	"consentry/frontend/words"
)

// cataloguesVariable names a folder whose catalogues are spoken besides, and instead of, those of the program: who translates
// sees their work without building anything.
const cataloguesVariable = "CONSENTRY_CATALOGUES"

// speech is which languages the program speaks, and which the system does.
var speech = sync.OnceValues(func() (spoken frontend.Speech, err error) {
	spoken.System = shell.Languages()
	if spoken.Languages, err = words.All(); err != nil {
		return spoken, err
	}
	if folder := os.Getenv(cataloguesVariable); folder != "" {
		if spoken.Languages, err = spoken.Languages.WithFolder(folder); err != nil {
			return spoken, fmt.Errorf("%s: %w", cataloguesVariable, err)
		}
	}
	return spoken, nil
})
