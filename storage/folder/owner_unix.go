//go:build !windows

package folder

import (
	"io/fs"
	"os"
	"syscall"
)

// modes tells whether files have modes that keep others out.
const modes = true

// ownedByOther tells whose a file is, where it is not this program's user's.
func ownedByOther(info fs.FileInfo) (owner int, other bool) {
	stat, known := info.Sys().(*syscall.Stat_t)
	if !known {
		return 0, false
	}
	return int(stat.Uid), int(stat.Uid) != os.Geteuid()
}
