package couranttest_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/couranttest"
	"github.com/courant-dev/courant/sse"
)

type tickServerStream = *courant.ServerStream[*tick]

// serving returns a handler of a method as generated code makes it.
func serving(method func(context.Context, tickServerStream) error, opts ...courant.ServerOption) http.Handler {
	mux := http.NewServeMux()
	courant.HandleStream(mux, tickMethod(),
		func(ctx context.Context, _ courant.None, s tickServerStream) error { return method(ctx, s) },
		append(opts, courant.WithLogger(slog.New(slog.DiscardHandler)))...)
	return mux
}

func tickMethod() *courant.StreamMethod[courant.None, *tick] {
	return &courant.StreamMethod[courant.None, *tick]{
		Name: "clock.ticks",
		HTTP: courant.StreamHTTP{
			Routes:  []courant.Route{{Verb: "GET", Path: "/ticks"}},
			Request: courant.Request{Body: courant.Nothing()},
			Events:  courant.Events{Data: courant.Members("n")},
		},
	}
}

func ask(ctx context.Context) *http.Request {
	return httptest.NewRequestWithContext(ctx, http.MethodGet, "/ticks", nil)
}

func TestRecorderHasFramesOfAMethod(t *testing.T) {
	rec := couranttest.NewRecorder()
	rec.Serve(serving(func(_ context.Context, s tickServerStream) error { return s.Send(&tick{N: 7}) }), ask(t.Context()))
	if rec.Status() != 200 || rec.SentHeader().Get("Content-Type") != "text/event-stream" || rec.Cut() {
		t.Errorf("%d %v, cut %v", rec.Status(), rec.SentHeader(), rec.Cut())
	}
	want := []sse.Event{
		{Type: "message", Data: []byte(`{"n":7}`)},
		{Type: "stream-end", ID: "stream-end", HasID: true, Data: []byte("{}")},
	}
	if got := rec.Events(); !reflect.DeepEqual(got, want) {
		t.Errorf("events %v", got)
	}
	if frames := rec.Frames(); len(frames) != 2 || frames[0].Raw != "data: {\"n\":7}\n\n" || frames[0].Raw+frames[1].Raw != rec.Body() {
		t.Errorf("frames %q", frames)
	}
}

func TestRecorderSeesWhileTheHandlerRuns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, leave := context.WithCancel(t.Context())
		rec, done := couranttest.NewRecorder(), make(chan struct{})
		go func() {
			defer close(done)
			rec.Serve(serving(func(ctx context.Context, s tickServerStream) error { return ticks(ctx, s) },
				courant.WithHeartbeat(700*time.Millisecond)), ask(ctx))
		}()
		start := time.Now()
		frames, err := rec.Wait(t.Context(), 5)
		if err != nil || string(frames[4].Event.Data) != `{"n":3}` || time.Since(start) != 2*time.Second {
			t.Errorf("%q after %v: %v", frames, time.Since(start), err)
		}
		if got := rec.Comments(); !slices.Equal(got, []string{"", ""}) {
			t.Errorf("heartbeats %q", got)
		}
		leave()
		<-done
		if !rec.Cut() {
			t.Error("no cut though the client left")
		}
		if _, err := rec.Wait(t.Context(), 50); err == nil || !strings.Contains(err.Error(), "has returned") {
			t.Errorf("Wait: %v", err)
		}
		if _, err := rec.Wait(canceled(t), 50); err == nil {
			t.Error("Wait has no error")
		}
	})
}

func TestRecorderDividesIntoWritesAndFlushes(t *testing.T) {
	rec := couranttest.NewRecorder()
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for _, text := range []string{"data: 1\n", "\ndata", ": 2\n\n", "data: 3\n\n"} {
			_, _ = w.Write([]byte(text))
			if text == "\ndata" || text == ": 2\n\n" {
				w.(http.Flusher).Flush()
			}
		}
	})
	h(rec, ask(t.Context()))
	if frames, err := rec.Wait(canceled(t), 3); len(frames) != 2 || err == nil || len(rec.Frames()) != 3 {
		t.Errorf("before the end: %q, %v", frames, err)
	}
	if got := strings.Join(texts(rec.Flushes()), "|"); got != "data: 1\n\ndata|: 2\n\n" {
		t.Errorf("flushes %q", got)
	}
	rec = couranttest.NewRecorder()
	rec.Serve(h, ask(t.Context()))
	if got := strings.Join(texts(rec.Flushes()), "|"); got != "data: 1\n\ndata|: 2\n\n|data: 3\n\n" {
		t.Errorf("flushes %q", got)
	}
	if got := strings.Join(texts(rec.Writes()), "|"); got != "data: 1\n|\ndata|: 2\n\n|data: 3\n\n" {
		t.Errorf("writes %q", got)
	}
}

func texts(parts [][]byte) []string {
	var out []string
	for _, p := range parts {
		out = append(out, string(p))
	}
	return out
}

// Each stream is written byte by byte as well.
func TestRecorderSplitsFramesAtAnyLineEnd(t *testing.T) {
	for stream, want := range map[string][]string{
		"data: 1\n\n: beat\n\nid: 4\n\ndata: 2\n\n": {"data: 1\n\n>1", ": beat\n\n", "id: 4\n\n", "data: 2\n\n>2"},
		"data: 1\r\n\r\ndata: 2\r\r":                {"data: 1\r\n\r\n>1", "data: 2\r\r>2"},
		"data: 1\r\r\ndata: 2\n\ndata: half\n":      {"data: 1\r\r\n>1", "data: 2\n\n>2"},
		"\ufeffdata: 1\n\n\ufeffdata: 2\n\n":        {"\ufeffdata: 1\n\n>1", "\ufeffdata: 2\n\n"},
		"":                                          nil,
	} {
		for _, size := range []int{1, len(stream) + 1} {
			rec := couranttest.NewRecorder()
			for part := range slices.Chunk([]byte(stream), size) {
				_, _ = rec.Write(part)
			}
			var got []string
			for _, f := range rec.Frames() {
				text := f.Raw
				if f.HasEvent {
					text += ">" + string(f.Event.Data)
				}
				got = append(got, text)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%q in pieces of %d: %q, want %q", stream, size, got, want)
			}
		}
	}
}

func TestRecorderObeysDeadlinesAndStatus(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rec := couranttest.NewRecorder()
		rc := http.NewResponseController(rec)
		if err := errors.Join(rc.SetWriteDeadline(time.Now().Add(time.Second)), rc.SetReadDeadline(time.Now()),
			rc.EnableFullDuplex(), rc.Flush()); err != nil || rec.Status() != 200 {
			t.Errorf("%d: %v", rec.Status(), err)
		}
		<-time.After(time.Second)
		if _, err := rec.Write([]byte("x")); !errors.Is(err, os.ErrDeadlineExceeded) || !errors.Is(rc.Flush(), os.ErrDeadlineExceeded) {
			t.Errorf("after the deadline: %v", err)
		}
		_ = rc.SetWriteDeadline(time.Time{})
		if n, err := rec.Write([]byte("x")); n != 1 || err != nil {
			t.Errorf("without a deadline: %v", err)
		}
		none := couranttest.NewRecorder()
		none.WriteHeader(http.StatusContinue)
		none.Header().Set("X-Late", "no")
		none.WriteHeader(http.StatusNoContent)
		none.WriteHeader(http.StatusOK)
		none.Header().Set("X-Late", "yes")
		if _, err := none.Write([]byte("x")); !errors.Is(err, http.ErrBodyNotAllowed) || none.Status() != 204 ||
			none.SentHeader().Get("X-Late") != "no" {
			t.Errorf("%d %v: %v", none.Status(), none.SentHeader(), err)
		}
	})
}

func TestRecorderTellsACutFromAnEnd(t *testing.T) {
	rec := couranttest.NewRecorder()
	rec.Serve(serving(func(_ context.Context, s tickServerStream) error {
		_ = s.Send(&tick{N: 1})
		_ = s.Close()
		panic(http.ErrAbortHandler)
	}), ask(t.Context()))
	if !rec.Cut() || len(rec.Frames()) != 1 {
		t.Errorf("cut %v, frames %q", rec.Cut(), rec.Frames())
	}
	defer func() {
		if recover() != "other" {
			t.Error("a panic was swallowed")
		}
	}()
	couranttest.NewRecorder().Serve(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("other") }), ask(t.Context()))
}
