package main

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"github.com/courant-dev/courant/bench/internal/measure"
)

// A contender fans events out.
type contender struct {
	name  string
	scale int // of the number of events, so that a turn takes long enough to be timed
	make  func() (broker, error)
}

// A broker has subscribers, and one publisher at a time.
type broker struct {
	subscribe http.Handler
	publish   func(text string) error
}

// serveCommand has a process be a server.
const serveCommand = "serve-for-fanout"

// serve serves a contender on a free port, which it prints.
func serve(name string) error {
	for _, c := range contenders() {
		if c.name != name {
			continue
		}
		b, err := c.make()
		if err != nil {
			return err
		}
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		mux := http.NewServeMux()
		mux.Handle("GET /events", b.subscribe)
		mux.HandleFunc("POST /publish", b.serve)
		fmt.Println(l.Addr())
		return http.Serve(l, mux) //nolint:gosec // there is no other client
	}
	return errors.New("no server is called " + name)
}

// dataSize is the length of an event's data.
const dataSize = 160

// serve publishes events, and answers with the processor time of the process.
func (b broker) serve(w http.ResponseWriter, r *http.Request) {
	n, _ := strconv.Atoi(r.FormValue("n"))
	every, _ := time.ParseDuration(r.FormValue("every"))
	if r.FormValue("settle") != "" {
		debug.FreeOSMemory()
	}
	at := time.Now()
	for i := range n {
		if every > 0 { // the time is when it is due: a server that is late is not let off
			at = at.Add(every)
			<-time.After(time.Until(at))
		}
		text := stampMark + strconv.FormatInt(at.UnixNano(), 10) + " "
		if i == n-1 {
			text += lastMark
		}
		text += strings.Repeat("x", dataSize-len(text))
		if err := b.publish(text); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
	}
	used, err := measure.ProcessorTime()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	_, _ = fmt.Fprintln(w, used.Nanoseconds()) // who asked has gone
}
