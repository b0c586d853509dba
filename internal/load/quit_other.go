//go:build !unix

package load

import "os"

// quit ends the process.
func quit(p *os.Process) error { return p.Kill() }
