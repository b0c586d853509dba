package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/courant-dev/courant/sse"
)

// A callback is where a harness wants to hear of one stream. The reports are
// numbered from 1:
//
//	POST http://localhost:8111/endpoints/99/1
//
//	{"kind":"event","event":{"type":"message","data":"hello","id":"7"}}
//
// It is for one goroutine: that which is in Recv.
type callback struct {
	url   string
	ctx   context.Context // of the stream
	count int
}

type report struct {
	Kind    string    `json:"kind"` // "event", "comment" or "error"
	Event   *received `json:"event,omitempty"`
	Comment *string   `json:"comment,omitempty"`
	Error   string    `json:"error,omitempty"`
}

type received struct {
	Type string `json:"type"`
	Data string `json:"data"`
	ID   string `json:"id"`
}

func (c *callback) event(e sse.Event) {
	c.post(report{Kind: "event", Event: &received{e.Type, string(e.Data), e.ID}})
}

func (c *callback) comment(text string) { c.post(report{Kind: "comment", Comment: &text}) }

// failure reports err, unless the harness itself has ended the stream.
func (c *callback) failure(err error) {
	if c.ctx.Err() == nil {
		c.post(report{Kind: "error", Error: err.Error()})
	}
}

func (c *callback) post(r report) {
	c.count++
	if err := c.send(r); err != nil && c.ctx.Err() == nil {
		slog.Error("the harness did not take a report", "number", c.count, "error", err)
	}
}

func (c *callback) send(r report) error {
	body, err := json.Marshal(r)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(c.ctx, http.MethodPost, fmt.Sprintf("%s/%d", c.url, c.count), bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode >= http.StatusMultipleChoices {
		return fmt.Errorf("%s", resp.Status)
	}
	return nil
}
