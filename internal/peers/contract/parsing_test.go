package main

import (
	"fmt"
	"strings"
	"testing"
)

// Each stream is sent with LF, CR and CRLF, whole and in small pieces.
func TestParsing(t *testing.T) {
	h := startService(t)
	many, manyEvents := "", []received(nil)
	for i := range 100 {
		many += fmt.Sprintf("data: number %d\n\n", i)
		manyEvents = append(manyEvents, received{Data: fmt.Sprintf("number %d", i)})
	}
	for name, c := range map[string]struct {
		text string
		want []received
	}{
		"one event":                   {"data: Hello\n\n", []received{{Data: "Hello"}}},
		"two events":                  {"data: Hello\n\ndata: World\n\n", []received{{Data: "Hello"}, {Data: "World"}}},
		"several lines":               {"data: a\ndata:b\ndata: c\n\n", []received{{Data: "a\nb\nc"}}},
		"an empty line first":         {"data:\ndata: b\n\n", []received{{Data: "\nb"}}},
		"an empty line inside":        {"data: a\ndata\ndata: c\n\n", []received{{Data: "a\n\nc"}}},
		"an empty line last":          {"data: a\ndata:\n\n", []received{{Data: "a\n"}}},
		"empty data":                  {"data:\n\n", []received{{}}},
		"no colon":                    {"data\n\ndata\ndata\n\n", []received{{}, {Data: "\n"}}},
		"blank lines too many":        {"\n\ndata: a\n\n\n\ndata: b\n\n", []received{{Data: "a"}, {Data: "b"}}},
		"a type":                      {"event: greeting\ndata: a\n\ndata: b\n\n", []received{{Type: "greeting", Data: "a"}, {Data: "b"}}},
		"an empty type":               {"event:\ndata: a\n\n", []received{{Data: "a"}}},
		"a type without data":         {"event: greeting\n\ndata: a\n\n", []received{{Data: "a"}}},
		"an ID":                       {"id: 1\ndata: a\n\n", []received{{Data: "a", ID: "1"}}},
		"an ID stays":                 {"id: 1\ndata: a\n\ndata: b\n\n", []received{{Data: "a", ID: "1"}, {Data: "b", ID: "1"}}},
		"an ID is taken back":         {"id: 1\ndata: a\n\nid:\ndata: b\n\n", []received{{Data: "a", ID: "1"}, {Data: "b"}}},
		"an ID without data":          {"id: 1\n\ndata: a\n\n", []received{{Data: "a", ID: "1"}}},
		"an ID with NUL":              {"id: 1\ndata: a\n\nid: 2\x003\ndata: b\n\n", []received{{Data: "a", ID: "1"}, {Data: "b", ID: "1"}}},
		"fields in another order":     {"data: a\nid: 1\nevent: x\n\n", []received{{Type: "x", Data: "a", ID: "1"}}},
		"unknown fields":              {"color: blue\ndata: a\nDATA: b\n data: c\n\n", []received{{Data: "a"}}},
		"no space after the colon":    {"event:x\ndata:a\n\n", []received{{Type: "x", Data: "a"}}},
		"two spaces after the colon":  {"event:  x\ndata:  a\n\n", []received{{Type: " x", Data: " a"}}},
		"characters of several bytes": {"data: €豆腐🎈\n\n", []received{{Data: "€豆腐🎈"}}},
		"bytes that are no UTF-8":     {"data: a\xffb\xe2\x82\n\n", []received{{Data: "a\ufffdb\ufffd"}}},
		"a byte order mark":           {"\ufeffevent: x\nid: 1\ndata: a\n\ndata: \ufeffb\n\n", []received{{Type: "x", Data: "a", ID: "1"}, {Data: "\ufeffb", ID: "1"}}},
		"a mark behind the first":     {"\ufeff\ufeffdata: a\n\ndata: b\n\n", []received{{Data: "b"}}},
		"a retry":                     {"retry: 1\ndata: a\n\nretry: soon\ndata: b\n\n", []received{{Data: "a"}, {Data: "b"}}},
		"control events of a server of ours": {"event: stream-gap\ndata: {}\n\nevent: stream-end\nid: stream-end\ndata: {}\n\ndata: a\n\n",
			[]received{{Type: "stream-gap", Data: "{}"}, {Type: "stream-end", Data: "{}", ID: "stream-end"}, {Data: "a", ID: "stream-end"}}},
		"many events": {many, manyEvents},
	} {
		for end, lineEnd := range map[string]string{"LF": "\n", "CR": "\r", "CRLF": "\r\n"} {
			for _, size := range []int{0, 1, 2, 5} {
				if size > 0 && len(c.text) > 1000 {
					continue // what many events add is their order
				}
				t.Run(fmt.Sprintf("%s, %s, pieces of %d", name, end, size), func(t *testing.T) {
					t.Parallel()
					source := newSource(t)
					client := h.open(t, source.url, nil)
					source.next(t).send(t, strings.ReplaceAll(c.text, "\n", lineEnd), size)
					client.wantEvents(t, c.want...)
				})
			}
		}
	}
}

func TestCRLFOverPieces(t *testing.T) {
	h := startService(t)
	source := newSource(t)
	client := h.open(t, source.url, nil)
	conn := source.next(t)
	for _, piece := range []string{"data: Hello\r", "\ndata: World\r", "\n\r\ndata: OK\r", "\n", "\r", "\n"} {
		conn.send(t, piece, 0)
	}
	client.wantEvents(t, received{Data: "Hello\nWorld"}, received{Data: "OK"})
}

func TestComments(t *testing.T) {
	h := startService(t)
	source := newSource(t)
	client := h.open(t, source.url, nil)
	conn := source.next(t)
	conn.send(t, ":Hello\n", 0)
	client.wantComment(t, "Hello") // before its block is complete
	conn.send(t, ":World\r\n:\r: two spaces\n", 1)
	client.wantComment(t, "World")
	client.wantComment(t, "")
	client.wantComment(t, "two spaces")
	conn.send(t, ":before\ndata: a\n:inside\ndata: b\n\n:after\n", 0)
	client.wantComment(t, "before")
	client.wantComment(t, "inside")
	client.wantEvents(t, received{Data: "a\nb"})
	client.wantComment(t, "after")
	conn.send(t, "\ufeff: no mark, not at the beginning\n\n", 0)
	conn.cut()
	client.wantError(t)
	source.next(t).send(t, "\ufeff:at the beginning\n", 1)
	client.wantComment(t, "at the beginning")
}

// Sizes around those of buffers, and large ones.
func TestSizes(t *testing.T) {
	h := startService(t)
	source := newSource(t)
	client := h.open(t, source.url, nil)
	conn := source.next(t)
	for _, size := range []int{1, 511, 512, 1023, 1025, 4090, 4096, 4098, 8189, 8192, 32768, 65536, 1 << 20, 5 << 20, 10 << 20} {
		data := strings.Repeat("x", size)
		conn.send(t, "data: "+data+"\n\n", 0)
		client.wantEvents(t, received{Data: data})
	}
	// Two events in three pieces, the one in the middle shared.
	a, b := strings.Repeat("a", 5<<20), strings.Repeat("b", 5<<20)
	conn.send(t, "data: "+a+"\n\ndata: "+b+"\n\n", 4<<20)
	client.wantEvents(t, received{Data: a}, received{Data: b})
}
