//go:build !windows

package shell

import (
	"os/exec"
	"syscall"
)

// detach gives the browser a session of its own: Ctrl-C in the terminal ends the program, not the person's browser.
func detach(command *exec.Cmd) { command.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }
