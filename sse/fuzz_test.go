package sse_test

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf8"

	"github.com/courant-dev/courant/sse"
)

func seeds() []string {
	return []string{
		"data: a\r\ndata: b\r\n\r\n", "\uFEFFid: 1\rdata\r\r", "retry: 10\nevent: x\ndata:y\n\n:c\n",
		"data: \xe2\x82\xac\xe2\x82\n\n", "id: \x00\ndata:\n\n", "id: ~\ndata: ~~\ndata: ~\n\nid: 2\n: ~\n\nunknown: ~\ndata: x\n\n",
	}
}

// stretch makes long lines of short inputs, so that they come to where the
// decoder's memory ends, and no longer ones than can be tried often.
func stretch(stream []byte, length uint16) []byte {
	long := bytes.ReplaceAll(stream, []byte("~"), bytes.Repeat([]byte("x"), int(length%3000)))
	return long[:min(len(long), 6_000)]
}

// FuzzDecode compares with the reference, however the stream arrives.
func FuzzDecode(f *testing.F) {
	for _, s := range seeds() {
		f.Add([]byte(s), uint16(700), uint64(1))
	}
	f.Fuzz(func(t *testing.T, stream []byte, length uint16, seed uint64) {
		compare(t, stretch(stream, length), unlimited, seed)
	})
}

// FuzzDecodeWithLimit does so where events may be too large.
func FuzzDecodeWithLimit(f *testing.F) {
	for _, s := range seeds() {
		f.Add(s, uint16(50), uint16(100), uint64(1))
	}
	f.Fuzz(func(t *testing.T, stream string, length, limit uint16, seed uint64) {
		text := decodeAll([]byte(stream)) // the limit counts what is on the wire
		compare(t, stretch([]byte(text), length), 1+int(limit), seed)
	})
}

// FuzzDecodeThenEncode encodes what a stream holds, which gives the same again.
func FuzzDecodeThenEncode(f *testing.F) {
	for _, s := range seeds() {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, stream []byte) {
		in, _ := decode(bytes.NewReader(stream))
		var frames []byte
		var want []sse.Event
		for _, e := range in.Events {
			var err error
			var refused *sse.FieldError
			switch frames, err = sse.AppendEvent(frames, e); {
			case err == nil:
				e.HasID = e.HasID || e.ID != "" // the ID in force is written
				want = append(want, e)
			case !errors.As(err, &refused) || refused.Field != "event" || !strings.Contains(e.Type, "\x00"):
				t.Errorf("%+v: %v", e, err)
			}
		}
		if got, err := decode(iotest.HalfReader(bytes.NewReader(frames))); err != io.EOF || !reflect.DeepEqual(got.Events, want) {
			t.Errorf("%q became %+v, %v, want %+v", frames, got.Events, err, want)
		}
	})
}

// newlines is what becomes of line breaks on the wire.
var newlines = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// FuzzEncodeThenDecode encodes an event between frames of the other sorts. What
// comes back is the same, or it was refused for a reason.
func FuzzEncodeThenDecode(f *testing.F) {
	f.Add("greeting", "7", true, int64(2000), true, []byte("a\r\nb\n"), "beat")
	f.Add("", "", true, int64(0), false, []byte(" x"), "\n\ndata: forged\r")
	f.Fuzz(func(t *testing.T, typ, id string, hasID bool, ms int64, hasRetry bool, data []byte, comment string) {
		e := sse.Event{Type: typ, ID: id, HasID: hasID || id != "", Data: data, HasRetry: hasRetry}
		if hasRetry {
			e.Retry = time.Duration(ms%1e12) * time.Millisecond
		}
		frames := encode(t, nil, utf8.ValidString(comment), "comment", func(dst []byte) ([]byte, error) { return sse.AppendComment(dst, comment) })
		oneLine := func(s string) bool { return utf8.ValidString(s) && !strings.ContainsAny(s, "\r\n\x00") }
		frames = encode(t, frames, oneLine(id), "id", func(dst []byte) ([]byte, error) { return sse.AppendID(dst, id) })
		valid := oneLine(typ) && oneLine(id) && e.Retry >= 0 && utf8.Valid(data)
		frames = encode(t, frames, valid, "", func(dst []byte) ([]byte, error) { return sse.AppendEvent(dst, e) })
		frames = append(frames, "data: next\n\n"...)

		want := result{Retry: -1, Events: []sse.Event{{Type: "message", Data: []byte("next")}}}
		if oneLine(id) {
			want.LastID = id
			want.Events[0].ID = id
		}
		if valid {
			if e.Type == "" {
				e.Type = "message"
			}
			e.ID = want.LastID
			e.Data = []byte(newlines.Replace(string(data)))
			want.Events = append([]sse.Event{e}, want.Events...)
			if hasRetry {
				want.Retry = e.Retry
			}
		}
		if utf8.ValidString(comment) {
			want.Comments = strings.Split(newlines.Replace(comment), "\n")
		}
		var comments []string
		got, err := decode(bytes.NewReader(frames), sse.WithCommentFunc(func(text string) { comments = append(comments, text) }))
		got.Comments = comments
		if err != io.EOF || !reflect.DeepEqual(got, want) {
			t.Errorf("%q became %+v, %v, want %+v", frames, got, err, want)
		}
	})
}

// encode appends what is valid, and sees that what is not is refused, for a
// reason of that field if one is named, and appends nothing.
func encode(t *testing.T, dst []byte, valid bool, field string, appendFrame func([]byte) ([]byte, error)) []byte {
	t.Helper()
	got, err := appendFrame(dst)
	var refused *sse.FieldError
	switch {
	case valid && err != nil:
		t.Errorf("refused: %v", err)
	case !valid && (!errors.As(err, &refused) || field != "" && refused.Field != field || !bytes.Equal(got, dst)):
		t.Errorf("%q, %v", got, err)
	}
	return got
}
