package hub_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/eventlog"
	"github.com/courant-dev/courant/hub"
)

// Every client's account is exact, whatever happens to its connections: the
// events come in order, none twice, and none is missing but where a gap was told,
// which there is only where the log is trimmed.
func TestEveryAccountIsExact(t *testing.T) {
	seeds := []uint64{1, 2, rand.Uint64()}
	eachWay(t, func(t *testing.T, w way) {
		for _, seed := range seeds {
			trimmed := seed%2 == 0
			t.Run(fmt.Sprintf("seed=%d,trimmed=%v", seed, trimmed), func(t *testing.T) { account(t, w, seed, trimmed) })
		}
	})
}

const (
	published   = 1000
	publishers  = 4
	subscribers = 12
)

func account(t *testing.T, w way, seed uint64, trimmed bool) {
	random := rand.New(rand.NewPCG(seed, 0))
	f := open(t, w, setup{
		hub:    []hub.Option{hub.WithWindow(1 << (8 + random.IntN(12)))},
		server: []courant.ServerOption{courant.WithWriteDeadline(time.Duration(20+random.IntN(200)) * time.Millisecond), courant.WithHeartbeat(7 * time.Millisecond)},
		serve:  []hub.ServeOption[*note]{hub.FromOldest[*note]()},
		change: func(m *courant.StreamMethod[*watchPayload, *note]) {
			if m.Topic.MaxEvents = 10_000; trimmed {
				m.Topic.MaxEvents = 150
			}
		},
	})
	texts := make([]string, published+1) // by offset
	var mu sync.Mutex
	var publishing, receiving sync.WaitGroup
	for p := range publishers {
		own := rand.New(rand.NewPCG(seed, uint64(p)+1))
		publishing.Go(func() {
			for n := range published / publishers {
				text := strconv.Itoa(p) + "/" + strconv.Itoa(n)
				id, err := f.topic.PublishOnce(t.Context(), room, "", &note{text})
				at, err2 := eventlog.ParseID(room, id)
				if err = errors.Join(err, err2); err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				texts[at.Offset] = text
				mu.Unlock()
				if own.IntN(20) == 0 {
					pause(t.Context(), time.Duration(own.IntN(3000))*time.Microsecond)
				}
			}
		})
	}
	accounts := make([]*subscriber, subscribers)
	for i := range accounts {
		s := &subscriber{f: f, w: w, random: rand.New(rand.NewPCG(seed, uint64(100+i))), slow: i%4 == 0}
		accounts[i] = s
		receiving.Go(func() { s.run(t) })
	}
	publishing.Wait()
	receiving.Wait()
	for i, s := range accounts {
		if s.wrong != "" {
			t.Errorf("subscriber %d, after %d connections and %d gaps: %s", i, s.connections, s.gaps, s.wrong)
		}
		if !trimmed && s.gaps > 0 {
			t.Errorf("subscriber %d was told of %d gaps", i, s.gaps)
		}
		for at, text := range s.got {
			if texts[at] != text {
				t.Errorf("subscriber %d got %q at %d, where %q was published", i, text, at, texts[at])
			}
		}
	}
	until(t, "the streams have ended", func() bool { return f.streams.Len() == 0 })
	until(t, "no topic is followed", func() bool { return f.hub.Feeds() == 0 })
}

func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// A subscriber keeps account of what it gets.
type subscriber struct {
	f      *fixture
	w      way
	random *rand.Rand
	slow   bool

	id          string
	last        uint64 // offset
	gap         bool   // told, and not come to yet
	got         map[uint64]string
	connections int
	gaps        int
	wrong       string
}

func (s *subscriber) run(t *testing.T) {
	s.got = map[uint64]string{}
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	for s.last < published && s.wrong == "" {
		if ctx.Err() != nil {
			s.wrong = fmt.Sprintf("is at %d after a minute", s.last)
			return
		}
		s.connect(ctx)
	}
}

// connect reads from one connection, which is cut after some bytes.
func (s *subscriber) connect(ctx context.Context) {
	s.connections++
	left := 200 + s.random.IntN(40_000)
	transport := &http.Transport{Protocols: s.f.srv.Config.Protocols, DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := new(net.Dialer).DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &cutting{TCPConn: c.(*net.TCPConn), left: left, reset: s.random.IntN(2) == 0}, nil
	}}
	defer transport.CloseIdleConnections()
	req, err := http.NewRequestWithContext(ctx, "GET", s.f.srv.URL+"/rooms/7/events", nil)
	if err != nil {
		s.wrong = err.Error()
		return
	}
	if s.id != "" {
		req.Header.Set("Last-Event-ID", s.id)
	}
	resp, err := (&http.Client{Transport: transport}).Do(req)
	if err != nil {
		return // cut within the headers
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		s.wrong = resp.Status
		return
	}
	r := &reader{in: bufio.NewReaderSize(resp.Body, 512), id: s.id}
	for s.last < published && s.wrong == "" {
		fr, err := r.next()
		if err != nil {
			return
		}
		s.id = r.id
		s.take(fr)
		if s.slow && s.random.IntN(200) == 0 {
			pause(ctx, time.Duration(s.random.IntN(40))*time.Millisecond)
		}
	}
}

// take enters a frame into the account.
func (s *subscriber) take(fr frame) {
	switch {
	case fr.event == "stream-gap":
		s.gap, s.gaps = true, s.gaps+1
		return
	case fr.event != "":
		s.wrong = fmt.Sprintf("unexpected %+v", fr)
		return
	case fr.data == "":
		return
	}
	at, err := eventlog.ParseID(room, fr.id)
	var n note
	if err = errors.Join(err, json.Unmarshal([]byte(fr.data), &n)); err != nil {
		s.wrong = err.Error()
		return
	}
	if at.Offset != s.last+1 && (!s.gap && s.id != "" && s.last > 0 || at.Offset <= s.last) {
		s.wrong = fmt.Sprintf("%d comes after %d", at.Offset, s.last)
	}
	s.last, s.gap = at.Offset, false
	s.got[at.Offset] = n.Text
}

// cutting is a connection that breaks after so many bytes.
type cutting struct {
	*net.TCPConn

	left  int
	reset bool
}

var errCutting = errors.New("cut")

func (c *cutting) Read(p []byte) (int, error) {
	if c.left == 0 {
		if c.reset {
			_ = c.SetLinger(0)
		}
		_ = c.Close()
		return 0, errCutting
	}
	n, err := c.TCPConn.Read(p[:min(len(p), c.left)])
	c.left -= n
	return n, err
}
