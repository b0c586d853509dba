package sse_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/big"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf8"

	"github.com/courant-dev/courant/sse"
)

// decodeAll is "UTF-8 decode" by trying: the longest prefix of a valid sequence
// is one U+FFFD.
func decodeAll(b []byte) string {
	var out strings.Builder
	for len(b) > 0 {
		if r, n := utf8.DecodeRune(b); r != utf8.RuneError || n > 1 {
			out.Write(b[:n])
			b = b[n:]
			continue
		}
		n := 1
		for i := 2; i < 4 && i <= len(b) && begins(b[:i]); i++ {
			n = i
		}
		out.WriteString("\uFFFD")
		b = b[n:]
	}
	return out.String()
}

// begins reports whether some valid sequence begins with b.
func begins(b []byte) bool {
	for _, tail := range []string{"\x80", "\xBF", "\x80\x80", "\xBF\xBF"} {
		if utf8.Valid(append(bytes.Clone(b), tail...)) {
			return true
		}
	}
	return false
}

func milliseconds(digits string) time.Duration {
	n, _ := new(big.Int).SetString(digits, 10)
	if longest := big.NewInt(int64(1<<63-1) / int64(time.Millisecond)); n.Cmp(longest) > 0 {
		n = longest
	}
	return time.Duration(n.Int64()) * time.Millisecond
}

// decode decodes the whole stream.
func decode(r io.Reader, opts ...sse.DecoderOption) (result, error) {
	d := sse.NewDecoder(r, opts...)
	res := result{Retry: -1}
	for {
		e, err := d.Decode()
		var large *sse.TooLargeError
		switch {
		case err == nil:
			res.Events = append(res.Events, e.Clone())
		case errors.As(err, &large):
			res.TooLarge = append(res.TooLarge, tooLarge{len(res.Events), large.ID, large.HasID})
		default:
			res.LastID = d.LastEventID()
			if retry, ok := d.Retry(); ok {
				res.Retry = retry
			}
			return res, err
		}
	}
}

// compare decodes the stream in several of the ways in which it may arrive, and
// compares with the reference. An even seed asks for the comments.
func compare(t *testing.T, stream []byte, limit int, seed uint64) {
	t.Helper()
	want := reference(stream, limit)
	asked := seed%2 == 0
	if !asked {
		want.Comments = nil
	}
	random := rand.New(rand.NewPCG(seed, 1))
	for name, r := range map[string]io.Reader{
		"whole":          bytes.NewReader(stream),
		"byte by byte":   iotest.OneByteReader(bytes.NewReader(stream)),
		"in chunks":      &chunked{random: random, left: stream, most: 1 + random.IntN(60)},
		"in long chunks": &chunked{random: random, left: stream, most: 1 + random.IntN(6000)},
	} {
		opts, comments := []sse.DecoderOption{sse.WithMaxEventSize(limit)}, []string(nil)
		if asked {
			opts = append(opts, sse.WithCommentFunc(func(text string) { comments = append(comments, text) }))
		}
		got, err := decode(r, opts...)
		got.Comments = comments
		if err != io.EOF || !reflect.DeepEqual(got, want) {
			t.Errorf("%.2000q with limit %d, %s: %.3000q, %v, want %.3000q", stream, limit, name, fmt.Sprint(got), err, fmt.Sprint(want))
		}
	}
}

func TestDecode(t *testing.T) {
	for _, c := range []struct{ behaviour, stream string }{
		{"CR ends lines", "data: a\rdata: b\r\rdata: c\r\r"},
		{"CRLF ends lines", "data: a\r\ndata: b\r\n\r\ndata: c\r\n\r\n"},
		{"line ends mix", "data: a\r\ndata: b\rdata: c\n\r\ndata: d\n\r"},
		{"CR LF LF ends an event", "data: a\r\n\ndata: b\n\r\r\n"},
		{"one BOM is passed over", "\uFEFFdata: a\n\n\uFEFFdata: b\n\n"},
		{"a BOM alone on its line", "\uFEFF\ndata: a\n\n"},
		{"a cut BOM is text", "\xEF\xBBdata: a\n\ndata: b\n\n"},
		{"one space is taken", "data:  a\ndata:b\ndata:\tc\n\n"},
		{"a field may have no colon", "data\ndata\n\nid\nevent\ndata\n\n"},
		{"fields are case-sensitive", "Data: a\nDATA: b\ndata: c\n\n"},
		{"unknown fields", "foo: 1\ndatas: 2\ndat: 3\ndata: x\n\n"},
		{"the last type counts", "event: a\nevent: b\ndata: x\n\nevent: a\nevent:\ndata: x\n\n"},
		{"a type without data is forgotten", "event: a\n\ndata: x\n\n"},
		{"an id without data is kept", "id: 1\n\ndata: x\n\n"},
		{"an id without its blank line is lost", "id: 1\ndata: x\n\nid: 2\ndata: y\n"},
		{"an id with NUL is passed over", "id: 1\n\nid: a\x00b\ndata: x\n\n"},
		{"an empty id resets", "id: 1\ndata: x\n\nid\ndata: y\n\ndata: z\n\n"},
		{"retry is digits", "retry: 5\nretry: +6\nretry: 1.5\nretry:  7\nretry: ٣\ndata: x\n\n"},
		{"a huge retry is the longest", "retry: 99999999999999999999999\ndata: x\n\n"},
		{"comments", ": one\n:\n:two\ndata: x\n: three\n\n"},
		{"data may hold colons", "data: a: b:c\n\n:data: no\n\n"},
		{"NUL in data and type", "data: a\x00b\nevent: c\x00\n\n"},
		{"maximal subparts", "data: \xE2\x82\xE2\x82\xACx\xF0\x9F\x98 \xED\xA0\x80 \xC0\xAF \xF4\x90\x80\x80 \xFF\n\n"},
		{"malformed id and type", "id: \xE2\x82\nevent: \xFF\ndata: x\n\n"},
		{"a subpart at the end of a line", "data: \xF0\x9F\ndata: \x98\x80\n\n"},
		{"empty data", "data:\n\ndata: \n\ndata\ndata\n\n"},
		{"nothing", ""},
		{"only line ends", "\n\r\r\n\n"},
		{"a large event", "data: " + strings.Repeat("x", 100_000) + "\ndata: y\n\ndata: z\n\n"},
		{"many lines", strings.Repeat("data: line\n", 5_000) + "\n" + "data: z\n\n"},
		{"many small events", strings.Repeat("id: 1\ndata: x\n\n", 5_000)},
	} {
		t.Run(c.behaviour, func(t *testing.T) {
			compare(t, []byte(c.stream), unlimited, 1)
			compare(t, []byte(c.stream), unlimited, 2)
		})
	}
}

// chunks gives one chunk per read, and fails the test when it is asked for more.
type chunks struct {
	t    *testing.T
	left []string
}

func (c *chunks) Read(p []byte) (int, error) {
	if len(c.left) == 0 {
		c.t.Fatal("read beyond what completes the event")
	}
	n := copy(p, c.left[0])
	c.left = c.left[1:]
	return n, nil
}

func TestCREndsItsLineAtOnce(t *testing.T) {
	d := sse.NewDecoder(&chunks{t, []string{"data: a\r", "\n\r"}})
	if e, err := d.Decode(); err != nil || string(e.Data) != "a" {
		t.Fatal(e, err)
	}
	d = sse.NewDecoder(&chunks{t, []string{"data: a\r\n\r", "\ndata: b\r\r"}})
	for _, want := range []string{"a", "b"} {
		if e, err := d.Decode(); err != nil || string(e.Data) != want {
			t.Fatal(e, err)
		}
	}
}

func TestRetryHoldsFromItsLineOn(t *testing.T) {
	d := sse.NewDecoder(strings.NewReader("retry: 1500\n"))
	_, err := d.Decode()
	if retry, ok := d.Retry(); err != io.EOF || !ok || retry != 1500*time.Millisecond {
		t.Error(retry, ok, err)
	}
}

func TestCommentsAreTold(t *testing.T) {
	var got []string
	d := sse.NewDecoder(strings.NewReader(":\n: a\n:b \ndata: x\n:  c\n\n"),
		sse.WithCommentFunc(func(text string) { got = append(got, text) }))
	if _, err := d.Decode(); err != nil {
		t.Fatal(err)
	}
	if want := []string{"", "a", "b ", " c"}; !reflect.DeepEqual(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestLastEventIDOfTheRequestIsInForce(t *testing.T) {
	d := sse.NewDecoder(strings.NewReader("data: x\n\n"), sse.WithLastEventID("7"))
	if e, err := d.Decode(); err != nil || e.ID != "7" || e.HasID || d.LastEventID() != "7" {
		t.Error(e, err)
	}
}

func TestTooLargeEventIsPassedOver(t *testing.T) {
	large := map[string]string{
		"in one line":            "data: " + strings.Repeat("x", 5000) + "\n\n",
		"in many lines":          strings.Repeat("data: x\n", 500) + "\n",
		"its line ends in CR":    "data: " + strings.Repeat("x", 5000) + "\r\r",
		"its id is not taken":    "id: 2\ndata: " + strings.Repeat("x", 5000) + "\n\n",
		"an id behind its data":  "data: " + strings.Repeat("x", 5000) + "\nid: 2\n\n",
		"just one byte too much": "data: " + strings.Repeat("x", 101) + "\n\n",
	}
	for name, event := range large {
		stream := "id: 1\ndata: a\n\n" + event + "data: b\n\n"
		for how, r := range readers([]byte(stream)) {
			d := sse.NewDecoder(r, sse.WithMaxEventSize(100))
			if e, err := d.Decode(); err != nil || string(e.Data) != "a" {
				t.Fatal(name, how, e, err)
			}
			var tooLarge *sse.TooLargeError
			if _, err := d.Decode(); !errors.As(err, &tooLarge) || tooLarge.Limit != 100 {
				t.Fatal(name, how, err)
			}
			if e, err := d.Decode(); err != nil || string(e.Data) != "b" || e.ID != "1" {
				t.Fatal(name, how, e, err)
			}
			if _, err := d.Decode(); err != io.EOF {
				t.Fatal(name, how, err)
			}
		}
	}
}

func TestEventOfTheLargestSize(t *testing.T) {
	d := sse.NewDecoder(iotest.OneByteReader(strings.NewReader("data: "+strings.Repeat("x", 100)+"\n\n")),
		sse.WithMaxEventSize(100))
	if e, err := d.Decode(); err != nil || len(e.Data) != 100 {
		t.Error(len(e.Data), err)
	}
}

func TestCommentsTakeNoRoom(t *testing.T) {
	d := sse.NewDecoder(strings.NewReader(strings.Repeat(": still here\n", 1000)+"data: x\n\n"), sse.WithMaxEventSize(100))
	if e, err := d.Decode(); err != nil || string(e.Data) != "x" {
		t.Error(e, err)
	}
}

func TestErrorsOfTheReaderAreReturned(t *testing.T) {
	broken := errors.New("broken")
	d := sse.NewDecoder(io.MultiReader(strings.NewReader("data: a\n\ndata: b\n"), iotest.ErrReader(broken)))
	if e, err := d.Decode(); err != nil || string(e.Data) != "a" {
		t.Fatal(e, err)
	}
	for range 2 {
		if _, err := d.Decode(); err != broken {
			t.Error(err)
		}
	}
}

func TestReaderWithoutProgress(t *testing.T) {
	d := sse.NewDecoder(stuck{})
	if _, err := d.Decode(); err != io.ErrNoProgress {
		t.Error(err)
	}
}

type stuck struct{}

func (stuck) Read([]byte) (int, error) { return 0, nil }

func TestDecodedTextStaysAsItIs(t *testing.T) {
	var stream strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&stream, "event: type%d\nid: id%d\ndata: x\n\n", i%7, i)
	}
	d := sse.NewDecoder(strings.NewReader(stream.String()))
	var events []sse.Event
	for range 3000 {
		e, err := d.Decode()
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, e)
	}
	for i, e := range events {
		if e.Type != fmt.Sprint("type", i%7) || e.ID != fmt.Sprint("id", i) {
			t.Fatalf("event %d is now %s %s", i, e.Type, e.ID)
		}
	}
}

// pieces gives x in reads of 64 bytes.
type pieces struct{ left int }

func (r *pieces) Read(p []byte) (int, error) {
	if r.left == 0 {
		return 0, io.EOF
	}
	n := copy(p[:min(len(p), r.left)], strings.Repeat("x", 64))
	r.left -= n
	return n, nil
}

// TestLongLineInSmallReads would run into the time limit of the whole test if
// bytes were searched, or moved, again with each read.
func TestLongLineInSmallReads(t *testing.T) {
	const size = 8 << 20
	d := sse.NewDecoder(io.MultiReader(strings.NewReader("data: "), &pieces{size}, strings.NewReader("\n\n")))
	if e, err := d.Decode(); err != nil || len(e.Data) != size {
		t.Error(len(e.Data), err)
	}
}
