package newsroom_test

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/courant-dev/courant"
	"github.com/courant-dev/courant/examples/newsroom"
	"github.com/courant-dev/courant/examples/newsroom/gen/rooms"
)

const (
	adaToken = "ada-0123456789abcdef"
	bobToken = "bob-0123456789abcdef"
)

var people = []newsroom.Person{
	{Name: "Ada", Token: adaToken, Rooms: []string{"desk"}},
	{Name: "Bob", Token: bobToken, Rooms: []string{"tower"}},
}

// writeDirectory writes the directory in one go, as an editor does.
func writeDirectory(t *testing.T, path string, people ...newsroom.Person) {
	t.Helper()
	data, err := json.Marshal(map[string]any{
		"rooms": []newsroom.Room{
			{Name: "sport", Title: "Sport"},
			{Name: "desk", Title: "Desk", Private: true},
			{Name: "weather", Title: "Weather"},
			{Name: "tower", Title: "Tower", Private: true},
		},
		"people": people,
	})
	if err == nil {
		err = os.WriteFile(path+".new", data, 0o600)
	}
	if err == nil {
		err = os.Rename(path+".new", path)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// TestPrivateRoomTakesItsToken asks for what each token gets, to watch and to
// publish.
func TestPrivateRoomTakesItsToken(t *testing.T) {
	f := start(t)
	for _, c := range []struct {
		name, room, token string
		status            int
		problem           string
	}{
		{"open room", "sport", "", 0, ""},
		{"open room, unknown token", "sport", "nobody's", 0, ""},
		{"no token", "desk", "", 401, "unauthorized"},
		{"unknown token", "desk", "nobody's", 401, "unauthorized"},
		{"part of a token", "desk", adaToken[:len(adaToken)-1], 401, "unauthorized"},
		{"token of another room", "desk", bobToken, 403, "forbidden"},
		{"right token", "desk", adaToken, 0, ""},
		{"no room", "attic", adaToken, 404, "not_found"},
	} {
		t.Run(c.name, func(t *testing.T) {
			query := "?token=" + c.token
			if c.token == "" {
				query = ""
			}
			watched := ask(t, f, http.MethodGet, "/rooms/"+c.room+"/events"+query, "")
			published := ask(t, f, http.MethodPost, "/rooms/"+c.room+"/messages"+query, `{"author":"Ada","text":"Hello"}`)
			if c.status == 0 {
				if watched.status != 200 || watched.contentType != "text/event-stream" || published.status != 201 {
					t.Errorf("watching is answered %+v, publishing %+v", watched, published)
				}
				return
			}
			want := answer{c.status, "application/problem+json", c.problem}
			if watched != want || published != want {
				t.Errorf("watching is answered %+v, publishing %+v, want %+v", watched, published, want)
			}
		})
	}
}

// answer is how a request was answered; name is that of a problem.
type answer struct {
	status      int
	contentType string
	name        string
}

func ask(t *testing.T, f *fixture, method, path, body string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, f.srv.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := f.srv.Client().Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	a := answer{status: resp.StatusCode, contentType: resp.Header.Get("Content-Type")}
	if a.status < 400 {
		return a
	}
	var problem struct{ Name string }
	data, err := io.ReadAll(resp.Body)
	if err == nil {
		err = json.Unmarshal(data, &problem)
	}
	if err != nil {
		t.Fatalf("%v: %s", err, data)
	}
	a.name = problem.Name
	return a
}

func TestRevokedTokenIsRefusedAtTheNextConnection(t *testing.T) {
	f := start(t)
	s := f.watch(t, "desk", adaToken)
	say := func(text string) {
		_, err := f.svc.Publish(t.Context(), &rooms.PublishPayload{Room: "desk", Token: bobToken, Kind: rooms.MessageKindNews, Author: "Bob", Text: text})
		if err != nil {
			t.Fatal(err)
		}
	}
	writeDirectory(t, f.file, people[0], newsroom.Person{Name: "Bob", Token: bobToken, Rooms: []string{"desk"}})
	say("first")
	receive(t, s, "first")

	writeDirectory(t, f.file, newsroom.Person{Name: "Bob", Token: bobToken, Rooms: []string{"desk"}})
	say("an open stream goes on")
	receive(t, s, "an open stream goes on")
	f.srv.Cut()
	say("secret")
	m, err := s.Recv()
	var refused *courant.Error
	if !errors.As(err, &refused) || refused.Status != 401 {
		t.Errorf("received %v, %v; want a refusal", m, err)
	}
	if _, ok := errors.AsType[*rooms.UnauthorizedError](err); !ok {
		t.Errorf("%v is no error of the design", err)
	}
}

func TestFaultyDirectoryChangesNothing(t *testing.T) {
	f := start(t)
	if err := os.WriteFile(f.file, []byte(`{"rooms": [`), 0o600); err != nil {
		t.Fatal(err)
	}
	f.watch(t, "desk", adaToken)
	f.watch(t, "sport", "")
}

func TestWithoutADirectoryPrivateRoomsAreClosed(t *testing.T) {
	f := start(t)
	if err := os.Remove(f.file); err != nil {
		t.Fatal(err)
	}
	if a := ask(t, f, http.MethodGet, "/rooms/desk/events?token="+adaToken, ""); a.status != 401 {
		t.Errorf("answered %+v", a)
	}
	f.watch(t, "sport", "")
}

func TestFirstDirectoryInvitesOnePerson(t *testing.T) {
	path := filepath.Join(t.TempDir(), "of", "its", "own", "newsroom.json")
	d, err := newsroom.OpenDirectory(path, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	room, token, ok := d.Invitation()
	if !ok || len(token) < 16 {
		t.Fatalf("the invitation is %q, %q", room, token)
	}
	if err := d.Admit(room, token); err != nil {
		t.Error(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is for others to read: %v, %v", info.Mode(), err)
	}
	again, err := newsroom.OpenDirectory(path, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Admit(room, token); err != nil {
		t.Error("the token is another one at the next start:", err)
	}
}

func TestDirectoryWithFaultsIsRefused(t *testing.T) {
	for name, text := range map[string]string{
		"no JSON":         `rooms`,
		"name of a room":  `{"rooms":[{"name":"Sport/1"}]}`,
		"two of one name": `{"rooms":[{"name":"sport"},{"name":"sport"}]}`,
		"no such room":    `{"rooms":[],"people":[{"name":"Ada","token":"0123456789abcdef","rooms":["desk"]}]}`,
		"short token":     `{"rooms":[{"name":"desk"}],"people":[{"name":"Ada","token":"abc","rooms":["desk"]}]}`,
	} {
		path := filepath.Join(t.TempDir(), "newsroom.json")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := newsroom.OpenDirectory(path, slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestDirectoryThatIsOlderIsReadToo has a file come back that is older than the last one.
func TestDirectoryThatIsOlderIsReadToo(t *testing.T) {
	f := start(t)
	writeDirectory(t, f.file)
	long := time.Now().Add(-time.Hour)
	if err := os.Chtimes(f.file, long, long); err != nil {
		t.Fatal(err)
	}
	if a := ask(t, f, http.MethodGet, "/rooms/desk/events?token="+adaToken, ""); a.status != 401 {
		t.Errorf("answered %+v", a)
	}
}
