package natslog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// How long to wait.
const (
	ackWait   = 5 * time.Second  // for one answer of the server
	setupWait = 30 * time.Second // for a cluster to be able to make a stream
)

// getRequest asks for records of a stream: the API's own names.
type getRequest struct {
	Seq       uint64   `json:"seq,omitempty"`
	LastFor   string   `json:"last_by_subj,omitempty"`
	NextFor   string   `json:"next_by_subj,omitempty"`
	MultiLast []string `json:"multi_last,omitempty"`
	Batch     int      `json:"batch,omitempty"`
	MaxBytes  int      `json:"max_bytes,omitempty"`
}

// get asks the leader of the stream for one record, and returns nil if there is
// none. The leader knows everything that was acknowledged; another replica may
// not know it yet.
func (l *Log) get(ctx context.Context, r getRequest) (*stored, error) {
	body, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, ackWait)
	defer cancel()
	m, err := l.store.conn.RequestWithContext(ctx, "$JS.API.STREAM.MSG.GET."+l.stream, body)
	if err != nil {
		return nil, err
	}
	var answer struct {
		Error   *jetstream.APIError `json:"error"`
		Message *struct {
			Subject string    `json:"subject"`
			Seq     uint64    `json:"seq"`
			Header  []byte    `json:"hdrs"`
			Data    []byte    `json:"data"`
			Time    time.Time `json:"time"`
		} `json:"message"`
	}
	if err := json.Unmarshal(m.Data, &answer); err != nil {
		return nil, err
	}
	switch e := answer.Error; {
	case e != nil && e.ErrorCode == jetstream.JSErrCodeMessageNotFound:
		return nil, nil
	case e != nil:
		return nil, e
	case answer.Message == nil:
		return nil, errors.New("natslog: an answer without a message")
	}
	s := &stored{seq: answer.Message.Seq, subject: answer.Message.Subject, data: answer.Message.Data, time: answer.Message.Time}
	if len(answer.Message.Header) > 0 {
		if s.header, err = nats.DecodeHeadersMsg(answer.Message.Header); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// The pages in which records are read: small at first, as most who resume are
// behind by a few records.
const (
	firstPage   = 16
	pageRecords = 512
	pageBytes   = 4 << 20 // at least one record comes all the same
)

// page is what a replica of the stream had at one moment: nothing is appended
// while it collects it.
type page struct {
	records []stored
	pending int    // how many there were behind these
	through uint64 // for MultiLast: the last sequence that the replica knew of
}

var errCutPage = errors.New("natslog: an answer arrived in part")

// direct asks any replica of the stream for records. It is a transient error if not
// all of them arrive.
func (l *Log) direct(ctx context.Context, r getRequest) (page, error) {
	body, err := json.Marshal(r)
	if err != nil {
		return page{}, err
	}
	nc := l.store.conn
	answers := make(chan *nats.Msg, max(r.Batch, len(r.MultiLast))+2)
	inbox := nc.NewRespInbox()
	sub, err := nc.ChanSubscribe(inbox, answers)
	if err != nil {
		return page{}, err
	}
	defer func() { _ = sub.Unsubscribe() }() // fails only if the connection is closed
	if err := nc.PublishRequest("$JS.API.DIRECT.GET."+l.stream, inbox, body); err != nil {
		return page{}, err
	}
	silence := time.NewTimer(tryFor)
	defer silence.Stop()
	var p page
	for {
		select {
		case <-ctx.Done():
			return page{}, context.Cause(ctx)
		case <-silence.C:
			return page{}, nats.ErrTimeout
		case m := <-answers:
			if m == nil {
				return page{}, nats.ErrConnectionClosed
			}
			silence.Reset(tryFor)
			done, err := p.add(m)
			if err != nil || done {
				return p, err
			}
		}
	}
}

// add takes one answer; true says that it was the last one.
func (p *page) add(m *nats.Msg) (bool, error) {
	var last uint64
	if n := len(p.records); n > 0 {
		last = p.records[n-1].seq
	}
	switch status := header(m.Header, "Status"); status {
	case "":
		s, ok := decode(m)
		if !ok || s.prev != last {
			return false, errCutPage
		}
		p.records = append(p.records, s)
		return false, nil
	case "204":
		if header(m.Header, jetstream.LastSequenceHeader) != strconv.FormatUint(last, 10) {
			return false, errCutPage
		}
		p.pending, _ = strconv.Atoi(header(m.Header, "Nats-Num-Pending"))
		p.through, _ = strconv.ParseUint(header(m.Header, "Nats-UpTo-Sequence"), 10, 64)
		return true, nil
	case "404":
		return true, nil
	case "503":
		return false, nats.ErrNoResponders
	default:
		return false, fmt.Errorf("natslog: reading the stream: %s %s", status, header(m.Header, "Description"))
	}
}

// transient reports whether an error of the back end may be over soon.
func transient(err error) bool {
	var api *jetstream.APIError
	switch {
	case errors.As(err, &api):
		return api.Code == 503 || api.Code == 504 || api.ErrorCode == jetstream.JSErrCodeStreamNotFound
	case errors.Is(err, nats.ErrTimeout), errors.Is(err, nats.ErrNoResponders), errors.Is(err, jetstream.ErrNoStreamResponse),
		errors.Is(err, nats.ErrDisconnected), errors.Is(err, nats.ErrConnectionReconnecting), errors.Is(err, nats.ErrReconnectBufExceeded),
		errors.Is(err, context.DeadlineExceeded), errors.Is(err, jetstream.ErrInvalidJSAck), errors.Is(err, errCutPage):
		return true
	}
	return false
}
