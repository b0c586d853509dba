package natslog

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// embedded is a NATS server in this process, which nobody else can reach.
type embedded struct {
	server *server.Server
	lock   *os.File
}

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
	})
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("natslog: the embedded server: %w", err)
	}
	logger := serverLogger{s.logger, make(chan string, 1)}
	ns.SetLoggerV2(logger, s.logger.Enabled(ctx, slog.LevelDebug), false, false)
	e := &embedded{ns, file}
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
	e.lock.Close()
}

// serverLogger has the server log as the rest of the process does. What it tells
// of its normal life is of interest to who debugs.
type serverLogger struct {
	to    *slog.Logger
	fatal chan string // the first thing that the server cannot live with
}

func (l serverLogger) log(level slog.Level, format string, args []any) {
	if l.to.Enabled(context.Background(), level) {
		l.to.Log(context.Background(), level, "nats server: "+fmt.Sprintf(format, args...))
	}
}

func (l serverLogger) Noticef(format string, v ...any) { l.log(slog.LevelDebug, format, v) }
func (l serverLogger) Warnf(format string, v ...any)   { l.log(slog.LevelWarn, format, v) }
func (l serverLogger) Errorf(format string, v ...any)  { l.log(slog.LevelError, format, v) }
func (l serverLogger) Debugf(format string, v ...any)  { l.log(slog.LevelDebug, format, v) }
func (l serverLogger) Tracef(format string, v ...any)  { l.log(slog.LevelDebug, format, v) }

// Fatalf of the server's own logger would end the process.
func (l serverLogger) Fatalf(format string, v ...any) {
	l.log(slog.LevelError, format, v)
	select {
	case l.fatal <- fmt.Sprintf(format, v...):
	default:
	}
}
