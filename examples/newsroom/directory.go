package newsroom

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
	"time"

	"github.com/courant-dev/courant/examples/newsroom/gen/rooms"
)

// Directory says which rooms there are and whose token opens the private ones.
// It is a file, which is read again when it has changed: who is taken out of it
// is refused from the next connection on, and streams that are open stay. It is
// safe for concurrent use.
type Directory struct {
	path   string
	logger *slog.Logger

	mu      sync.Mutex
	seen    stamp // of the file that was looked at last
	current entries
}

// entries are the content of the file.
type entries struct {
	Rooms  []Room   `json:"rooms"`
	People []Person `json:"people"`
}

// Room is an entry of the directory.
type Room struct {
	Name    string `json:"name"` // small letters, digits and -
	Title   string `json:"title"`
	About   string `json:"about"`
	Private bool   `json:"private,omitzero"`
}

// Person is somebody with a token.
type Person struct {
	Name  string   `json:"name"`
	Token string   `json:"token"` // at least 16 characters
	Rooms []string `json:"rooms"` // the private ones that it opens
}

// stamp tells versions of a file apart.
type stamp struct {
	modified time.Time
	size     int64
}

// OpenDirectory reads the directory in a file. If there is none it makes one, with
// four rooms, of which one is private, and a token at random. Later faults of the
// file are logged, and what was read last stays in force; without the file there
// are no people.
func OpenDirectory(path string, logger *slog.Logger) (*Directory, error) {
	d := &Directory{path: path, logger: logger}
	now, err := d.stamp()
	if errors.Is(err, fs.ErrNotExist) {
		if err = create(path); err == nil {
			now, err = d.stamp()
		}
	}
	if err != nil {
		return nil, err
	}
	d.seen = now
	if d.current, err = read(path); err != nil {
		return nil, err
	}
	return d, nil
}

// List returns the rooms, and which of them a token opens.
func (d *Directory) List(token string) []*rooms.Room {
	now := d.load()
	person, known := now.person(token)
	var list []*rooms.Room
	for _, r := range now.Rooms {
		admitted := !r.Private || known && slices.Contains(person.Rooms, r.Name)
		list = append(list, &rooms.Room{Name: r.Name, Title: r.Title, About: r.About, Private: r.Private, Admitted: admitted})
	}
	return list
}

// Admit returns nil if a token, or none, is enough to enter a room. Otherwise it
// returns an error of the design.
func (d *Directory) Admit(room, token string) error {
	now := d.load()
	i := slices.IndexFunc(now.Rooms, func(r Room) bool { return r.Name == room })
	switch {
	case i < 0:
		return &rooms.NotFoundError{Detail: "there is no room " + room}
	case !now.Rooms[i].Private:
		return nil
	case token == "":
		return &rooms.UnauthorizedError{Detail: "the room " + room + " is private: it takes a token"}
	}
	person, known := now.person(token)
	switch {
	case !known:
		return &rooms.UnauthorizedError{Detail: "the token is not known"}
	case !slices.Contains(person.Rooms, room):
		return &rooms.ForbiddenError{Detail: "the token does not open the room " + room}
	}
	return nil
}

// Invitation returns a private room and a token that opens it, for who starts
// the program to try; ok is false if there is none.
func (d *Directory) Invitation() (room, token string, ok bool) {
	for _, p := range d.load().People {
		if len(p.Rooms) > 0 {
			return p.Rooms[0], p.Token, true
		}
	}
	return "", "", false
}

// person returns whose token it is. It compares with every token, in a time that
// does not depend on what they have in common.
func (e *entries) person(token string) (found Person, known bool) {
	asked := sha256.Sum256([]byte(token))
	for _, p := range e.People {
		has := sha256.Sum256([]byte(p.Token))
		if subtle.ConstantTimeCompare(asked[:], has[:]) == 1 {
			found, known = p, true
		}
	}
	return found, known
}

// load returns what the file says now.
func (d *Directory) load() entries {
	d.mu.Lock()
	defer d.mu.Unlock()
	now, err := d.stamp()
	switch {
	case err == nil && now == d.seen:
		return d.current
	case errors.Is(err, fs.ErrNotExist):
		d.current.People = nil
	case err == nil:
		var changed entries
		if changed, err = read(d.path); err == nil {
			d.current = changed
		}
	}
	if err != nil && now != d.seen {
		d.logger.Error("the directory of rooms cannot be read", slog.Any("error", err))
	}
	d.seen = now
	return d.current
}

// stamp is the zero stamp if there is no file.
func (d *Directory) stamp() (stamp, error) {
	info, err := os.Stat(d.path)
	if err != nil {
		return stamp{}, err
	}
	return stamp{info.ModTime(), info.Size()}, nil
}

func read(path string) (entries, error) {
	var e entries
	data, err := os.ReadFile(path)
	if err != nil {
		return e, err
	}
	if err := json.Unmarshal(data, &e); err != nil {
		return e, fmt.Errorf("%s: %w", path, err)
	}
	if err := e.check(); err != nil {
		return e, fmt.Errorf("%s: %w", path, err)
	}
	return e, nil
}

var roomName = regexp.MustCompile(`^[a-z0-9-]{1,40}$`)

// shortestToken keeps out what could be guessed.
const shortestToken = 16

func (e *entries) check() error {
	names := map[string]bool{}
	for _, r := range e.Rooms {
		switch {
		case !roomName.MatchString(r.Name):
			return fmt.Errorf("the room %q: want a name of 1 to 40 small letters, digits and -", r.Name)
		case names[r.Name]:
			return fmt.Errorf("there are two rooms %q", r.Name)
		}
		names[r.Name] = true
	}
	for _, p := range e.People {
		if len(p.Token) < shortestToken {
			return fmt.Errorf("the token of %q has less than %d characters", p.Name, shortestToken)
		}
		for _, name := range p.Rooms {
			if !names[name] {
				return fmt.Errorf("%q may enter %q, which is no room", p.Name, name)
			}
		}
	}
	return nil
}

// create writes the first directory, for its owner alone to read.
func create(path string) error {
	first := entries{
		Rooms: []Room{
			{Name: "sport", Title: "Sport", About: "Scores, transfers, and the odd broken record"},
			{Name: "politics", Title: "Politics", About: "Who said what, and what it may have meant"},
			{Name: "weather", Title: "Weather", About: "What it does outside"},
			{Name: "desk", Title: "Editors’ desk", About: "What is not to be printed yet", Private: true},
		},
		People: []Person{{Name: "editor", Token: rand.Text(), Rooms: []string{"desk"}}},
	}
	data, err := json.MarshalIndent(first, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return err
	}
	return os.WriteFile(path, append(data, '\n'), 0o600)
}
