package shell

import (
	"os/exec"
	"syscall"
)

// detach keeps Ctrl-C in the console from reaching the browser.
func detach(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}
