//go:build !windows

package folder

import (
	"io/fs"
	"os"
	"syscall"
)

// modes says that files have modes that keep others out.
const modes = true

// ownedByOther returns whose a file is, and whether that is another than the program's
// user.
func ownedByOther(info fs.FileInfo) (owner int, other bool) {
	stat, known := info.Sys().(*syscall.Stat_t)
	if !known {
		return 0, false
	}
	return int(stat.Uid), int(stat.Uid) != os.Geteuid()
}
