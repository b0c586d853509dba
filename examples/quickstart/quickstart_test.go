package quickstart_test

import (
	"context"
	"errors"
	"testing"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/couranttest"
	"github.com/courant-dev/courant/examples/quickstart"
	"github.com/courant-dev/courant/examples/quickstart/gen/notes"
	"github.com/courant-dev/courant/examples/quickstart/gen/notes/client"
	"github.com/courant-dev/courant/examples/quickstart/gen/notes/server"
)

func start(t *testing.T) (*couranttest.Server, *client.Client) {
	t.Helper()
	srv := couranttest.NewServer(server.New(quickstart.New(), courant.WithFiles(quickstart.Files())))
	t.Cleanup(func() {
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
	})
	return srv, client.NewClient(srv.URL, courant.WithHTTPClient(srv.Client()))
}

func publish(t *testing.T, c *client.Client, text string) *notes.Note {
	t.Helper()
	note, err := c.Publish(t.Context(), &notes.PublishPayload{Kind: notes.NoteKindInfo, Text: text})
	if err != nil {
		t.Fatal(err)
	}
	return note
}

func TestClientMissesNothingThroughCuts(t *testing.T) {
	srv, c := start(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	first := publish(t, c, "first")
	stream, err := c.Watch(ctx, &notes.WatchPayload{Since: "0"})
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	if note, err := stream.Recv(); err != nil || note.Text != "first" || note.ID != first.ID {
		t.Fatal(note, err)
	}
	for _, text := range []string{"second", "third", "fourth"} {
		srv.Cut()
		publish(t, c, text)
		if note, err := stream.Recv(); err != nil || note.Text != text {
			t.Fatal(note, err)
		}
	}
}

func TestPublishedNoteCanBeGot(t *testing.T) {
	_, c := start(t)
	note := publish(t, c, "Hello <b>")
	got, err := c.Get(t.Context(), &notes.GetPayload{ID: note.ID})
	if err != nil || got.Text != "Hello <b>" || got.Kind != notes.NoteKindInfo || !got.SentAt.Equal(note.SentAt) {
		t.Error(got, err)
	}
}

func TestNoteThatIsNotThere(t *testing.T) {
	_, c := start(t)
	_, err := c.Get(t.Context(), &notes.GetPayload{ID: "12"})
	var notFound *notes.NotFoundError
	if !errors.As(err, &notFound) || notFound.Detail != "there is no note 12" {
		t.Errorf("%v", err)
	}
	var answer *courant.Error
	if !errors.As(err, &answer) || answer.Status != 404 || answer.Name != "not_found" {
		t.Errorf("%v", err)
	}
}

func TestFaultyNoteIsRefused(t *testing.T) {
	_, c := start(t)
	_, err := c.Publish(t.Context(), &notes.PublishPayload{Kind: "loud"})
	var answer *courant.Error
	if !errors.As(err, &answer) || answer.Status != 400 {
		t.Fatal(err)
	}
	for i, attribute := range []string{"kind", "text"} {
		if len(answer.Faults) != 2 || answer.Faults[i].Attribute != attribute {
			t.Fatalf("%+v", answer.Faults)
		}
	}
}
