package main

import (
	"bufio"
	"bytes"
	"io"
	"net/http"

	"github.com/launchdarkly/eventsource"
	"github.com/openai/openai-go/v3/packages/ssestream"
	r3labs "github.com/r3labs/sse/v2"
	gosse "github.com/tmaxmax/go-sse"
	goahttp "goa.design/goa/v3/http"

	goa "github.com/courant-dev/courant/bench/internal/goa/gen/http/stream/client"
	"github.com/courant-dev/courant/sse"
)

// A tally is what came of a stream, by which decoders are seen to do the same.
type tally struct{ events, data int }

// A decoder decodes a stream to its end.
type decoder struct {
	name   string
	decode func(r io.ReadCloser) (tally, error)
}

// decoders returns the floor, which comes first, and all that are compared. The
// first three reuse their memory; the events of the others belong to the caller.
func decoders() []decoder {
	return []decoder{
		{"views, by hand", decodeFloor},
		{"lines of bufio.Scanner, by hand", decodeLines},
		{"courant", decodeCourant},
		{"views, by hand, kept", keepFloor},
		{"courant, kept (Clone)", keepCourant},
		{"openai-go", decodeOpenAI},
		{"go-sse (tmaxmax)", decodeGoSSE},
		{"eventsource (LaunchDarkly)", decodeLaunchDarkly},
		{"sse (r3labs)", decodeR3labs},
		{"Goa, generated", decodeGoa},
	}
}

const largest = 1 << 20 // that decoders with a limit are to take

func decodeFloor(r io.ReadCloser) (t tally, err error) {
	for f := newFloor(r); ; {
		v, err := f.next()
		if err != nil {
			return t, unlessEOF(err)
		}
		t.events++
		t.data += len(v.data)
	}
}

// decodeLines is how a parser is mostly written that does not allocate: what
// comes before the last line of an event is copied, since the scanner moves it.
func decodeLines(r io.ReadCloser) (t tally, err error) {
	var typ, id, data []byte
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, largest)
	for lines.Scan() {
		if len(lines.Bytes()) == 0 {
			if len(data) > 0 {
				t.events++
				t.data += len(data) - 1
			}
			typ, data = typ[:0], data[:0]
			continue
		}
		name, value, _ := bytes.Cut(lines.Bytes(), []byte(":"))
		value = bytes.TrimPrefix(value, []byte(" "))
		switch string(name) {
		case "data":
			data = append(append(data, value...), '\n')
		case "event":
			typ = append(typ[:0], value...)
		case "id":
			id = append(id[:0], value...)
		}
	}
	return t, lines.Err()
}

// owned is an event that its owner may keep.
type owned struct {
	typ, id string
	data    []byte
}

func keepFloor(r io.ReadCloser) (t tally, err error) {
	var kept [16]owned
	for f := newFloor(r); ; {
		v, err := f.next()
		if err != nil {
			return t, unlessEOF(err)
		}
		kept[t.events%len(kept)] = owned{string(v.typ), string(v.id), bytes.Clone(v.data)}
		t.events++
		t.data += len(v.data)
	}
}

func decodeCourant(r io.ReadCloser) (t tally, err error) {
	for d := sse.NewDecoder(r); ; {
		e, err := d.Decode()
		if err != nil {
			return t, unlessEOF(err)
		}
		t.events++
		t.data += len(e.Data)
	}
}

func keepCourant(r io.ReadCloser) (t tally, err error) {
	var kept [16]sse.Event
	for d := sse.NewDecoder(r); ; {
		e, err := d.Decode()
		if err != nil {
			return t, unlessEOF(err)
		}
		kept[t.events%len(kept)] = e.Clone()
		t.events++
		t.data += len(e.Data)
	}
}

func decodeOpenAI(r io.ReadCloser) (t tally, err error) {
	var kept [16]ssestream.Event
	d := ssestream.NewDecoder(&http.Response{Body: r})
	for d.Next() {
		e := d.Event()
		kept[t.events%len(kept)] = e
		t.events++
		t.data += len(e.Data) - 1 // it leaves the last LF
	}
	return t, d.Err()
}

func decodeGoSSE(r io.ReadCloser) (t tally, err error) {
	var kept [16]gosse.Event
	for e, err := range gosse.Read(r, &gosse.ReadConfig{MaxEventSize: largest}) {
		if err != nil {
			return t, err
		}
		kept[t.events%len(kept)] = e
		t.events++
		t.data += len(e.Data)
	}
	return t, nil
}

func decodeLaunchDarkly(r io.ReadCloser) (t tally, err error) {
	var kept [16]eventsource.Event
	for d := eventsource.NewDecoder(r); ; {
		e, err := d.Decode()
		if err != nil {
			return t, unlessEOF(err)
		}
		kept[t.events%len(kept)] = e
		t.events++
		t.data += len(e.Data())
	}
}

// decodeR3labs goes through its client, where fields are told apart.
func decodeR3labs(r io.ReadCloser) (t tally, err error) {
	var kept [16]*r3labs.Event
	c := r3labs.NewClient("http://stream.example", r3labs.ClientMaxBufferSize(largest))
	c.Connection = &http.Client{Transport: answer{r}}
	err = c.SubscribeRaw(func(e *r3labs.Event) {
		kept[t.events%len(kept)] = e
		t.events++
		t.data += len(e.Data)
	})
	return t, err
}

func decodeGoa(r io.ReadCloser) (t tally, err error) {
	var kept [16]any
	for s := goa.NewWatchStream(&http.Response{Body: r}, goahttp.ResponseDecoder); ; {
		e, err := s.Recv()
		if err != nil {
			return t, unlessEOF(err)
		}
		kept[t.events%len(kept)] = e
		t.events++
		t.data += len(e.Text)
	}
}

// answer answers any request with a body.
type answer struct{ body io.ReadCloser }

// RoundTrip implements [http.RoundTripper].
func (a answer) RoundTrip(r *http.Request) (*http.Response, error) {
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"text/event-stream"}}, Body: a.body, Request: r}, nil
}

func unlessEOF(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}
