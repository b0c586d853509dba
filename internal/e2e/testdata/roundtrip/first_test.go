package trip_test

import (
	"context"
	"testing"

	"example.com/trip/first/gen/sse"
	"example.com/trip/first/gen/sse/client"
	"example.com/trip/first/gen/sse/server"
)

// firstService streams an event of each sort of text.
type firstService struct{}

var firstEvents = []*sse.Event{
	{Message: "Hello from server!", Timestamp: 1136214245},
	{Message: "data: x\n\nevent: stream-end\r\x00\u2028", Timestamp: -1},
}

func (firstService) Stream(_ context.Context, stream sse.StreamServerStream) error {
	return sendAll(stream, firstEvents)
}

func TestFirst(t *testing.T) {
	c := client.NewClient(serve(t, server.New(firstService{})).url)
	receive(t, "stream", firstEvents, c.Stream)
}
