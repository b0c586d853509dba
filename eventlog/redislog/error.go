package redislog

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/redis/go-redis/v9"

	"github.com/courant-dev/courant/eventlog"
)

// ReplicationError says that an append is on the server but on fewer replicas
// than [WithWait] asks for. To append again with the same keys waits again.
type ReplicationError struct {
	Replicas int // that have it
	Wanted   int
}

func (e *ReplicationError) Error() string {
	return fmt.Sprintf("redislog: appended, but %d replicas have it, not %d", e.Replicas, e.Wanted)
}

// away are the answers of a server that cannot serve now and may do so later:
// it starts, is or has no master, or is in the middle of a failover.
func away() []string {
	return []string{"LOADING", "READONLY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "MOVED", "ASK", "UNBLOCKED", "BUSY ", "max number of clients"}
}

// full are the answers of a server that takes no writes until somebody helps.
func full() []string { return []string{"OOM", "MISCONF", "NOREPLICAS"} }

// isAway reports whether err says that Redis cannot be reached or cannot serve
// now, so that it is worth to try again.
func isAway(err error) bool {
	if errors.Is(err, context.Canceled) || errors.Is(err, redis.ErrClosed) {
		return false
	}
	var truncated *eventlog.TruncatedError
	var format *formatError
	if errors.As(err, &truncated) || errors.As(err, &format) {
		return false
	}
	var answer redis.Error
	if !errors.As(err, &answer) {
		return true // of the network: Redis has answered nothing
	}
	return hasPrefix(answer, away())
}

// hasNoRoom reports whether err says that Redis takes no writes as its memory is
// full, or the disk of its append-only file or snapshots.
func hasNoRoom(err error) bool {
	var answer redis.Error
	return errors.As(err, &answer) && (hasPrefix(answer, []string{"OOM"}) || strings.Contains(answer.Error(), "No space left on device"))
}

// isFull reports whether err says that Redis takes no writes.
func isFull(err error) bool {
	var answer redis.Error
	return errors.As(err, &answer) && hasPrefix(answer, full())
}

func hasPrefix(answer redis.Error, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(strings.TrimPrefix(answer.Error(), "ERR "), p) {
			return true
		}
	}
	return false
}

// formatError says that something in Redis is not what a log writes.
type formatError struct{ what, text string }

func (e *formatError) Error() string { return fmt.Sprintf("redislog: %q is no %s", e.text, e.what) }
