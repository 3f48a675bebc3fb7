package folder

import (
	"os"
	"regexp"
)

// ofProgram are the names of what belongs to the program that runs on a folder, and to no data.
var ofProgram = regexp.MustCompile(`^(\.?(instance|window\.json)(-[0-9]+)?|copy\.db.*)$`)

// Data lists the files in a folder that are a profile's data: its database, key, settings, and what stands beside them.
func Data(dir string) (names []string, err error) {
	entries, err := os.ReadDir(dir)
	for _, entry := range entries {
		if name := entry.Name(); ours.MatchString(name) && !isLock(name) && !ofProgram.MatchString(name) {
			names = append(names, name)
		}
	}
	return names, err
}
