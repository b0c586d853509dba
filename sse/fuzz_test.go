package sse_test

import (
	"bytes"
	"io"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/courant-dev/courant/sse"
)

func FuzzDecode(f *testing.F) {
	for _, s := range []string{
		"data: a\r\ndata: b\r\n\r\n", "\uFEFFid: 1\rdata\r\r", "retry: 10\nevent: x\ndata:y\n\n:c\n",
		"data: \xe2\x82\xac\xe2\x82\n\n", "id: \x00\ndata:\n\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, stream []byte) {
		want := reference(stream)
		for name, r := range map[string]io.Reader{
			"whole": bytes.NewReader(stream), "byte by byte": iotest.OneByteReader(bytes.NewReader(stream)),
			"in chunks": &chunked{random: rand.New(rand.NewPCG(2, uint64(len(stream)))), left: stream, most: 9},
		} {
			if got, err := decode(r); err != io.EOF || !reflect.DeepEqual(got, want) {
				t.Errorf("%s: %+v, %v, want %+v", name, got, err, want)
			}
		}
	})
}

// newlines is what becomes of line breaks on the wire.
var newlines = strings.NewReplacer("\r\n", "\n", "\r", "\n")

func FuzzEncodeThenDecode(f *testing.F) {
	f.Add("greeting", "7", true, int64(2000), true, []byte("a\r\nb\n"))
	f.Add("", "", true, int64(0), false, []byte(" x"))
	f.Fuzz(func(t *testing.T, typ, id string, hasID bool, retry int64, hasRetry bool, data []byte) {
		e := sse.Event{Type: typ, ID: id, HasID: hasID || id != "", Data: data, HasRetry: hasRetry}
		if hasRetry {
			e.Retry = time.Duration(retry%1e12) * time.Millisecond
		}
		frame, err := sse.AppendEvent(nil, e)
		if err != nil {
			return
		}
		if e.Type == "" {
			e.Type = "message"
		}
		e.Data = []byte(newlines.Replace(string(data)))
		got, err := decode(bytes.NewReader(append(frame, "data: next\n\n"...)))
		if err != io.EOF || len(got.Events) != 2 || !reflect.DeepEqual(got.Events[0], e) {
			t.Errorf("%q became %+v, %v, want %+v first", frame, got.Events, err, e)
		}
	})
}
