package couranttest_test

import (
	"context"
	"fmt"
	"time"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/couranttest"
)

// A notification is an event as a generator writes it, and notificationStream the
// stream of a method that sends them.
type notification struct {
	Message string `json:"message"`
}

type notificationStream interface {
	Send(*notification) error
	Close() error
}

// service implements a generated service.
type service struct{ every time.Duration }

// Watch sends for ever.
func (s *service) Watch(ctx context.Context, stream notificationStream) error {
	for n := 1; ; n++ {
		if err := stream.Send(&notification{fmt.Sprintf("Message %d", n)}); err != nil {
			return err
		}
		select {
		case <-time.After(s.every):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// A method that loops for ever ends when its Send fails, so it can be called as
// any function.
func ExampleStream() {
	stream := couranttest.NewStream[*notification]()
	stream.FailFrom(3, courant.ErrPeerGone)

	service := &service{every: time.Millisecond}
	err := service.Watch(stream.Context(context.Background()), stream)

	for _, event := range stream.Sent() {
		fmt.Println(event.Message)
	}
	fmt.Println(err)
	// Output:
	// Message 1
	// Message 2
	// courant: the client is gone
}

// Start runs a method beside the test, which waits for what is sent and then
// leaves as a client does.
func ExampleStream_Start() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()

	stream := couranttest.NewStream[*notification]()
	service := &service{every: time.Millisecond}
	call := stream.Start(ctx, func(ctx context.Context) error { return service.Watch(ctx, stream) })

	events, err := stream.Wait(ctx, 2)
	fmt.Println(events[1].Message, err)
	fmt.Println(call.Cut() != nil) // the method notices
	// Output:
	// Message 2 <nil>
	// true
}

// A client that does not read blocks Send, until it reads again.
func ExampleStream_BlockFrom() {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()

	stream := couranttest.NewStream[*notification]()
	release := stream.BlockFrom(2)
	service := &service{every: time.Millisecond}
	call := stream.Start(ctx, func(ctx context.Context) error { return service.Watch(ctx, stream) })

	fmt.Println(stream.WaitBlocked(ctx), len(stream.Sent()))
	release()
	_, err := stream.Wait(ctx, 3)
	fmt.Println(err)
	_ = call.Cut()
	// Output:
	// <nil> 1
	// <nil>
}
