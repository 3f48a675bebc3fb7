package folder

import "io/fs"

// modes is false: on Windows the profile's access list keeps others out.
const modes = false

func ownedByOther(fs.FileInfo) (owner int, other bool) { return 0, false }
