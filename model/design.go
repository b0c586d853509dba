package model

// Version is the version of the JSON form. A courant command reads only
// designs of its own version.
const Version = 1

// Design is everything that one design package says.
type Design struct {
	Version  int        // always [Version]
	API      *API       // never nil
	Types    []*Type    // every user type that a service reaches, by key
	Services []*Service // in the order of the design
	Warnings []*Problem // what is legal and probably not meant
}

// Type returns the user type with the key, or nil.
func (d *Design) Type(key string) *Type {
	for _, t := range d.Types {
		if t.Key == key {
			return t
		}
	}
	return nil
}

// API is what the design says of the whole.
type API struct {
	Name        string
	Title       string
	Version     string // "0.0.1" when the design has none
	Description string
	Servers     []*Server // at least one
}

// Server is a process and the places where it is deployed.
type Server struct {
	Name        string
	Description string
	Hosts       []*Host // at least one
}

// Host is one deployment of a server.
type Host struct {
	Name        string
	Description string
	URIs        []string // such as "http://localhost:8080"; at least one
}

// Position is a place in the user's design.
type Position struct {
	File   string // absolute path
	Line   int    // from 1
	Column int    // from 1; 0 when it is not known
}

// Problem is a fault or a warning with its place.
type Problem struct {
	Position Position
	Word     string // the word of the language that was called there, such as "Attribute"
	Text     string // the argument the problem is about, as it stands in the call; may be empty
	Message  string
}
