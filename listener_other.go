//go:build !linux

package courant

import (
	"syscall"
	"time"
)

// giveUpAfter does nothing: there is no option that all of these systems have.
func giveUpAfter(syscall.RawConn, time.Duration) error { return nil }
