package trip_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"example.com/trip/sse/gen/sse"
	"example.com/trip/sse/gen/sse/client"
	"example.com/trip/sse/gen/sse/server"
	"github.com/courant-dev/courant"
)

// callService is asked, and shows what it was asked.
type callService struct{ server.Unimplemented }

func (callService) Page(_ context.Context, p *sse.PagePayload, s sse.PageServerStream) error {
	return sendAll(s, []*sse.Event{
		{Message: "Hello\nid: 9", Type: "notification", ID: "123"},
		{Message: "after " + p.StartID, Type: "message", ID: "124", Retry: ref[int64](500)},
	})
}

func (callService) Inherits(_ context.Context, s sse.InheritsServerStream) error {
	return s.Send(&sse.Event{Message: "<a>", Type: "t", ID: "5"})
}

func (callService) Done(_ context.Context, s sse.DoneServerStream) error {
	return sendAll(s, []string{"Hello", " there\n", "", "[DONE"})
}

func (callService) Silent(_ context.Context, s sse.SilentServerStream) error {
	return sendAll(s, []int64{1, -1})
}

func (callService) Asks(_ context.Context, p *sse.AsksPayload, s sse.AsksServerStream) error {
	gone := &sse.GoneError{Until: at}
	if p.Fail != nil && *p.Fail == sse.AsksPayloadFailBefore {
		return gone
	}
	if err := s.Send(&sse.AsksEvent{Answer: p.Question + " " + p.Last}); err != nil {
		return err
	}
	switch {
	case p.Fail == nil:
		return nil
	case *p.Fail == sse.AsksPayloadFailAfter:
		return gone
	}
	return errors.New("the password is 123")
}

// TestFrames proves what travels, byte for byte.
func TestFrames(t *testing.T) {
	w := serve(t, server.New(callService{}))
	const end = "event: stream-end\nid: stream-end\ndata: {}\n\n"
	for path, want := range map[string]string{
		"/sse/page?last_event_id=7": "event: notification\nid: 123\ndata: {\"message\":\"Hello\\nid: 9\"}\n\n" +
			"event: message\nid: 124\nretry: 500\ndata: {\"message\":\"after 7\"}\n\n" + end,
		"/sse/inherits":                          "id: 5\ndata: {\"message\":\"<a>\",\"type\":\"t\",\"id\":\"5\"}\n\n" + end,
		"/sse/done":                              "data: Hello\n\ndata:  there\ndata:\n\ndata:\n\ndata: [DONE\n\ndata: [DONE]\n\n",
		"/sse/silent":                            "data: 1\n\ndata: -1\n\n",
		"/sse/asks/3?question=q&last_event_id=1": "data: {\"answer\":\"q 1\"}\n\n" + end,
	} {
		resp, err := http.Get(w.url + path)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || string(body) != want || resp.Header.Get("Content-Type") != "text/event-stream" {
			t.Errorf("%s: %v\nhave %q\nwant %q", path, err, body, want)
		}
	}
}

func TestStreams(t *testing.T) {
	w := serve(t, server.New(callService{}))
	c := client.NewClient(w.url, courant.WithTransport(w), courant.WithReconnect(courant.Never))
	page := func(ctx context.Context) (*client.PageClientStream, error) {
		return c.Page(ctx, &sse.PagePayload{StartID: "ü 1"})
	}
	receive(t, "page", []*sse.Event{
		{Message: "Hello\nid: 9", Type: "notification", ID: "123"},
		{Message: "after ü 1", Type: "message", ID: "124", Retry: ref[int64](500)},
	}, page)
	receive(t, "inherits", []*sse.Event{{Message: "<a>", Type: "t", ID: "5"}}, c.Inherits)
	receive(t, "done", []string{"Hello", " there\n", "", "[DONE"}, c.Done)
	receive(t, "silent", []int64{1, -1}, c.Silent)

	asked := &sse.AsksPayload{Question: "<q>", Room: 7, Last: "1"}
	answers := []*sse.AsksEvent{{Answer: "<q> 1"}}
	receive(t, "asks", answers, func(ctx context.Context) (*client.AsksClientStream, error) { return c.Asks(ctx, asked) })
	asked.Fail = ref(sse.AsksPayloadFailAfter)
	broken[*sse.GoneError](t, "asks", answers, asked, c.Asks)
	asked.Fail = ref(sse.AsksPayloadFailBefore)
	_, err := c.Asks(t.Context(), asked)
	failed[*sse.GoneError](t, "asks", "gone", err)
	var own *sse.GoneError
	if !errors.As(err, &own) || !own.Until.Equal(at) || w.status != http.StatusGone {
		t.Errorf("asks: status %d, %+v", w.status, own)
	}
	asked.Fail = ref(sse.AsksPayloadFailUnknown)
	broken[*courant.Error](t, "asks", answers, asked, c.Asks)
	asked.Fail = ref(sse.AsksPayloadFail("other"))
	_, err = c.Asks(t.Context(), asked)
	var e *courant.Error
	if !errors.As(err, &e) || e.Status != 400 || !strings.HasPrefix(e.Detail, "fail: ") {
		t.Errorf("asks: %v, want 400 about the attribute fail", err)
	}
}
