package natslog

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/courant-dev/courant/eventlog"
)

// embedded is a NATS server in this process, which nobody else can reach.
type embedded struct {
	server *server.Server
	lock   *os.File

	// writable is done when the server could not write, with the [WriteError] as its cause.
	writable context.Context
	fail     context.CancelCauseFunc
}

// WriteError says that the embedded server could not write to its directory.
// No log of the store takes appends any more, but all can be read. When the store is closed and opened again,
// everything that was acknowledged is there. It is [eventlog.ErrFull] if there was no room.
type WriteError struct {
	Dir string
	Err error
}

func (e *WriteError) Error() string {
	return fmt.Sprintf("natslog: the embedded server could not write to %s, and takes nothing more until it is started again: %v", e.Dir, e.Err)
}

// Unwrap returns Err and, where it says so, [eventlog.ErrFull].
func (e *WriteError) Unwrap() []error {
	for _, full := range noRoom() {
		if errors.Is(e.Err, full) {
			return []error{e.Err, eventlog.ErrFull}
		}
	}
	return []error{e.Err}
}

// noRoom are the errors of a disk that is full, and of other limits of the operating system.
func noRoom() []error { return []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG} }

// headerRoom is what a message has beside the data, type and key of its entry.
const headerRoom = 200

func startServer(ctx context.Context, s *settings) (*embedded, error) {
	file, err := lock(s.dir)
	if err != nil {
		return nil, err
	}
	ns, err := server.NewServer(&server.Options{
		ServerName:             "courant",
		DontListen:             true,
		NoSigs:                 true,
		NoSystemAccount:        true,
		DisableJetStreamBanner: true,
		JetStream:              true,
		StoreDir:               s.dir,
		SyncInterval:           s.syncInterval,
		SyncAlways:             s.syncAlways,
		MaxPayload:             int32(s.maxEntry + headerRoom),
		JetStreamMaxStore:      s.maxStore,
	})
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("natslog: the embedded server: %w", err)
	}
	e := &embedded{server: ns, lock: file}
	e.writable, e.fail = context.WithCancelCause(context.Background())
	logger := serverLogger{s.logger, make(chan string, 1), func(err error) { e.fail(&WriteError{s.dir, err}) }}
	ns.SetLoggerV2(logger, s.logger.Enabled(ctx, slog.LevelDebug), false, false)
	started := make(chan struct{})
	go func() {
		defer close(started)
		ns.Start()
	}()
	// Start returns once what the directory has is read back; that of a large log
	// takes a while.
	select {
	case <-started:
	case <-ctx.Done():
		e.stop()
		<-started
		return nil, ctx.Err()
	}
	select {
	case why := <-logger.fatal:
		e.stop()
		return nil, fmt.Errorf("natslog: the embedded server in %s: %s", s.dir, why)
	default:
	}
	if !ns.ReadyForConnections(10*time.Second) || !ns.JetStreamEnabled() {
		e.stop()
		return nil, fmt.Errorf("natslog: the embedded server in %s does not start", s.dir)
	}
	return e, nil
}

func (e *embedded) stop() {
	e.server.Shutdown()
	e.server.WaitForShutdown()
	e.fail(nil)
	e.lock.Close()
}

// serverLogger has the server log as the rest of the process does. What it tells
// of its normal life is of interest to who debugs.
type serverLogger struct {
	to    *slog.Logger
	fatal chan string // the first thing that the server cannot live with
	// broken is told why a stream cannot be written to. The server does not answer
	// then, and has no other way to say so.
	broken func(error)
}

func (l serverLogger) log(level slog.Level, format string, args []any) {
	if l.to.Enabled(context.Background(), level) {
		l.to.Log(context.Background(), level, "nats server: "+fmt.Sprintf(format, args...))
	}
}

func (l serverLogger) Noticef(format string, v ...any) { l.log(slog.LevelDebug, format, v) }
func (l serverLogger) Warnf(format string, v ...any)   { l.log(slog.LevelWarn, format, v) }
func (l serverLogger) Debugf(format string, v ...any)  { l.log(slog.LevelDebug, format, v) }
func (l serverLogger) Tracef(format string, v ...any)  { l.log(slog.LevelDebug, format, v) }

// Errorf is called once for each stream that cannot be written to.
func (l serverLogger) Errorf(format string, v ...any) {
	l.log(slog.LevelError, format, v)
	if !strings.HasPrefix(format, "JetStream stream ") || !strings.Contains(format, " write error: ") || len(v) == 0 {
		return
	}
	if err, ok := v[len(v)-1].(error); ok {
		l.broken(err)
	}
}

// Fatalf of the server's own logger would end the process.
func (l serverLogger) Fatalf(format string, v ...any) {
	l.log(slog.LevelError, format, v)
	select {
	case l.fatal <- fmt.Sprintf(format, v...):
	default:
	}
}
