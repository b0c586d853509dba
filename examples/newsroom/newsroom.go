// Package newsroom implements the service of its design: rooms in which
// messages are published, streamed to everyone who may enter, and kept.
//
// It does not know where the messages are kept, which the store of its hub
// decides, and does not serve: that is the command newsroom.
package newsroom

//go:generate go run ../../cmd/courant gen ./design

import (
	"context"
	"log/slog"
	"time"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/examples/newsroom/gen/rooms"
	"github.com/courant-dev/courant/examples/newsroom/gen/rooms/topics"
	"github.com/courant-dev/courant/hub"
)

// Newsroom is the service. It is safe for concurrent use.
type Newsroom struct {
	directory *Directory
	messages  *topics.Watch
	logger    *slog.Logger
}

// New returns the service for the rooms of a directory, whose messages are kept
// in the store of h.
func New(ctx context.Context, h *hub.Hub, d *Directory, logger *slog.Logger) (*Newsroom, error) {
	messages, err := topics.NewWatch(ctx, h)
	if err != nil {
		return nil, err
	}
	return &Newsroom{d, messages, logger}, nil
}

// List implements [rooms.Service].
func (s *Newsroom) List(_ context.Context, p *rooms.ListPayload) ([]*rooms.Room, error) {
	return s.directory.List(p.Token), nil
}

// Publish implements [rooms.Service].
func (s *Newsroom) Publish(ctx context.Context, p *rooms.PublishPayload) (*rooms.PublishResult, error) {
	if err := s.directory.Admit(p.Room, p.Token); err != nil {
		return nil, err
	}
	message := &rooms.Message{Kind: p.Kind, Author: p.Author, Text: p.Text, SentAt: time.Now().UTC()}
	id, err := s.messages.PublishOnce(ctx, p.Room, p.Key, message)
	if err != nil {
		s.logger.ErrorContext(ctx, "a message was not published", slog.String("room", p.Room), slog.Any("error", err))
		return nil, &rooms.UnavailableError{Detail: "whether the message was published is not known; send it again with the same key"}
	}
	return &rooms.PublishResult{ID: id}, nil
}

// Watch implements [rooms.Service]. It is called, and so authorises, each time
// that a client connects.
func (s *Newsroom) Watch(ctx context.Context, p *rooms.WatchPayload, stream rooms.WatchServerStream) error {
	if err := s.directory.Admit(p.Room, p.Token); err != nil {
		return err
	}
	return s.messages.Serve(ctx, p, stream, hub.FromOldest[*rooms.Message]())
}

var _ rooms.Service = (*Newsroom)(nil)

// Options are the options that the service is served with, beside those of the
// program: its files, and bodies no larger than a message.
func Options() []courant.ServerOption {
	return []courant.ServerOption{courant.WithFiles(Files()), courant.WithMaxBody(16 << 10)}
}
