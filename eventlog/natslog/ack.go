package natslog

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// ack is what a server answers when it has stored a message or a batch of them.
type ack struct {
	Stream string `json:"stream"`
	Last   uint64 `json:"seq"` // the sequence of the last one
	Batch  string `json:"batch"`
	Count  int    `json:"count"` // of the batch
}

// request sends a message and waits for its acknowledgement.
func (a *appending) request(ctx context.Context, m *nats.Msg) (ack, error) {
	answer, err := a.store.conn.RequestMsgWithContext(ctx, m)
	switch {
	case errors.Is(err, nats.ErrNoResponders):
		return ack{}, jetstream.ErrNoStreamResponse
	case err != nil:
		return ack{}, err
	}
	return readAck(answer.Data, a.inc.ack)
}

// readAck reads an acknowledgement. The usual one begins as is given, and has the
// sequence then; to decode it as any other would be a twentieth of an append.
func readAck(data []byte, usual string) (ack, error) {
	if rest, ok := bytes.CutPrefix(data, []byte(usual)); ok && len(rest) > 1 && rest[len(rest)-1] == '}' {
		if seq, err := strconv.ParseUint(string(rest[:len(rest)-1]), 10, 64); err == nil {
			return ack{Last: seq}, nil
		}
	}
	var answer struct {
		ack

		Error *jetstream.APIError `json:"error"`
	}
	if err := json.Unmarshal(data, &answer); err != nil {
		return ack{}, jetstream.ErrInvalidJSAck
	}
	if answer.Error != nil {
		return ack{}, fmt.Errorf("nats: %w", answer.Error)
	}
	if answer.Stream == "" {
		return ack{}, jetstream.ErrInvalidJSAck
	}
	return answer.ack, nil
}

// usualAck is how the server begins the acknowledgement of a message.
func usualAck(stream string) string { return `{"stream":"` + stream + `","seq":` }
