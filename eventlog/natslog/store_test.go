package natslog

import (
	"bytes"
	"errors"
	"log/slog"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/courant-dev/courant/eventlog"
)

func TestDirectoryIsOfOneStore(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(t.Context(), WithDir(dir))
	if err != nil {
		t.Fatal(err)
	}
	_, err = Open(t.Context(), WithDir(dir))
	var locked *LockedError
	if !errors.As(err, &locked) || locked.Dir != dir || locked.PID != os.Getpid() || !strings.Contains(err.Error(), dir) {
		t.Errorf("got %v, want a LockedError with the directory and this process", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = Open(t.Context(), WithDir(dir)); err != nil {
		t.Fatalf("once it is closed: %v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestEmbeddedServerListensNowhere(t *testing.T) {
	l := openLog(t, eventlog.Limits{})
	ns := l.store.server.server
	if ns.Addr() != nil || ns.ClusterAddr() != nil || ns.MonitorAddr() != nil || ns.ProfilerAddr() != nil {
		t.Errorf("it listens on %v, %v, %v, %v", ns.Addr(), ns.ClusterAddr(), ns.MonitorAddr(), ns.ProfilerAddr())
	}
}

func TestCloseLeavesNoGoroutine(t *testing.T) {
	before := runtime.NumGoroutine()
	for range 3 {
		s, err := Open(t.Context(), WithDir(t.TempDir()))
		if err != nil {
			t.Fatal(err)
		}
		l, err := s.Open(t.Context(), "test", eventlog.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		ch := tailOf(t, l.(*Log), eventlog.Position{})
		l.(*Log).add(t, "1")
		expect(t, ch, "1")
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if g := <-ch; !errors.Is(g.err, eventlog.ErrClosed) {
			t.Errorf("Follow ends with %v, want ErrClosed", g.err)
		}
	}
	until(t, "the goroutines are gone", func() bool { return runtime.NumGoroutine() <= before })
}

func TestServerLogsWhereItIsTold(t *testing.T) {
	var out bytes.Buffer
	s, err := Open(t.Context(), WithDir(t.TempDir()), WithLogger(slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(out.String(), "Server is ready") {
		t.Errorf("the log has nothing of the server's start:\n%s", out.String())
	}
}

func TestWrongOptionsAreRefused(t *testing.T) {
	for name, o := range map[string]Option{
		"no directory":    WithDir(""),
		"replicas":        WithReplicas(3),
		"sync":            WithSyncInterval(0),
		"audit":           WithAuditInterval(-time.Second),
		"entry":           WithMaxEntry(1 << 30),
		"keys":            WithKeyWindow(time.Second),
		"prefix":          WithPrefix("a.b"),
		"no logger":       WithLogger(nil),
		"nobody is there": WithURL("nats://127.0.0.1:1"),
	} {
		if s, err := Open(t.Context(), WithDir(t.TempDir()), o); err == nil {
			t.Errorf("%s: no error", name)
			_ = s.Close()
		}
	}
}

func TestErrorOfConnectingNamesTheServerAndNoPassword(t *testing.T) {
	for address, want := range map[string]string{
		"nats://ada:secret@127.0.0.1:1,127.0.0.1:2": "127.0.0.1:1,127.0.0.1:2: ",
		"nats://ada:secret@127.0.0.1:x":             "127.0.0.1:x: ",
	} {
		_, err := Open(t.Context(), WithURL(address))
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("have %v, want %q without the password", err, want)
		}
	}
}

func FuzzTokenIsOneToken(f *testing.F) {
	for _, topic := range []string{"rooms/42", "a.b", "*", ">", "%2E", ".", "é ü", "\x00\n\u2028"} {
		f.Add(topic)
	}
	f.Fuzz(func(t *testing.T, topic string) {
		got := token(topic)
		if strings.ContainsAny(got, ".*> \t\r\n\f\x00") || (got == "") != (topic == "") {
			t.Errorf("%q is %q", topic, got)
		}
		if unescape(got) != topic {
			t.Errorf("%q is %q, and that is %q", topic, got, unescape(got))
		}
		if v := headerValue(topic); strings.ContainsAny(v, "\r\n\x00") || strings.TrimSpace(v) != v && strings.Trim(v, " \t") != v || unescape(v) != topic {
			t.Errorf("%q as a header is %q", topic, v)
		}
	})
}
