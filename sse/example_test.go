package sse_test

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/courant-dev/courant/sse"
)

func ExampleAppendEvent() {
	frame, err := sse.AppendEvent(nil, sse.Event{
		Type: "progress", ID: "42", Retry: 3 * time.Second, HasRetry: true,
		Data: []byte("first line\nsecond line"),
	})
	fmt.Printf("%s%v\n", frame, err)
	// Output:
	// event: progress
	// id: 42
	// retry: 3000
	// data: first line
	// data: second line
	//
	// <nil>
}

// What could forge another field is refused.
func ExampleFieldError() {
	_, err := sse.AppendEvent(nil, sse.Event{ID: "42\ndata: forged"})
	fmt.Println(err)
	// Output: sse: id must not contain CR, LF or NUL
}

func ExampleDecoder() {
	stream := ": welcome\n\nid: 1\ndata: Hello\n\nevent: note\ndata: to\ndata: you\n\ndata: incompl"
	d := sse.NewDecoder(strings.NewReader(stream),
		sse.WithCommentFunc(func(text string) { fmt.Println("comment", text) }))
	for {
		event, err := d.Decode()
		if err == io.EOF {
			break
		}
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Printf("%s %q, last event ID %s\n", event.Type, event.Data, event.ID)
	}
	fmt.Println("resume after", d.LastEventID())
	// Output:
	// comment welcome
	// message "Hello", last event ID 1
	// note "to\nyou", last event ID 1
	// resume after 1
}

// A frame without data moves the place to resume, and no client sees an event.
func ExampleAppendID() {
	frame, err := sse.AppendID(nil, "42")
	fmt.Printf("%q %v\n", frame, err)
	// Output: "id: 42\n\n" <nil>
}
