//go:build unix

package soak

import (
	"os"
	"os/exec"
	"syscall"
)

// apart gives the command a process group, so that its children can be ended with
// it, and that an interrupt from the terminal does not reach it.
func apart(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// killGroup ends the process and its children at once. A process that is gone is
// no error.
func killGroup(p *os.Process) { _ = syscall.Kill(-p.Pid, syscall.SIGKILL) }

// terminate asks the process and its children to end.
func terminate(p *os.Process) { _ = syscall.Kill(-p.Pid, syscall.SIGTERM) }
