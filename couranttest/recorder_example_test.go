package couranttest_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/couranttest"
)

// newHandler stands for the generated New of a service, whose method sends two
// notifications.
func newHandler() http.Handler {
	mux := http.NewServeMux()
	courant.HandleStream(mux, &courant.StreamMethod[courant.None, *notification]{
		Name: "notes.watch",
		HTTP: courant.StreamHTTP{
			Routes:  []courant.Route{{Verb: "GET", Path: "/notes"}},
			Request: courant.Request{Body: courant.Nothing()},
		},
	}, func(_ context.Context, _ courant.None, stream *courant.ServerStream[*notification]) error {
		if err := stream.Send(&notification{"one"}); err != nil {
			return err
		}
		return stream.Send(&notification{"two"})
	})
	return mux
}

// What a handler writes, as a client would decode it and as it is.
func ExampleRecorder() {
	rec := couranttest.NewRecorder()
	rec.Serve(newHandler(), httptest.NewRequest(http.MethodGet, "/notes", nil))

	fmt.Println(rec.Status(), rec.SentHeader().Get("Content-Type"))
	for _, event := range rec.Events() {
		fmt.Printf("%s: %s\n", event.Type, event.Data)
	}
	fmt.Printf("%q\n", rec.Frames()[0].Raw)
	// Output:
	// 200 text/event-stream
	// message: {"message":"one"}
	// message: {"message":"two"}
	// stream-end: {}
	// "data: {\"message\":\"one\"}\n\n"
}

// A handler that is still running is waited for, frame by frame.
func ExampleRecorder_Wait() {
	ctx, leave := context.WithCancel(context.Background())
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprint(w, "id: 1\ndata: one\n\n: beat\n\n")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})

	rec, done := couranttest.NewRecorder(), make(chan struct{})
	go func() {
		defer close(done)
		rec.Serve(h, httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil))
	}()
	frames, err := rec.Wait(context.Background(), 2)
	fmt.Println(frames[0].Event.ID, frames[1].Comments, err)
	leave()
	<-done
	// Output:
	// 1 [beat] <nil>
}
