//go:build !unix

package soak

import (
	"os"
	"os/exec"
)

func apart(*exec.Cmd) {}

func killGroup(p *os.Process) { _ = p.Kill() }

func terminate(p *os.Process) { _ = p.Kill() }
