package value_test

import (
	"time"

	"github.com/courant-dev/courant/value"
)

// plain has nothing that encoding/json would write or read in another way, as
// long as its required collections are not nil.
type plain struct {
	Message   string             `json:"message"`
	Timestamp int64              `json:"timestamp"`
	Small     int32              `json:"small"`
	Count     uint64             `json:"count"`
	Ratio     float64            `json:"ratio"`
	Single    float32            `json:"single"`
	Done      bool               `json:"done"`
	At        time.Time          `json:"at"`
	Data      []byte             `json:"data"`
	Note      *string            `json:"note,omitzero"`
	Limit     *int64             `json:"limit,omitzero"`
	Seen      *time.Time         `json:"seen,omitzero"`
	Any       any                `json:"any"`
	Tags      []string           `json:"tags"`
	Scores    map[string]float64 `json:"scores"`
	ByNumber  map[int64]string   `json:"by_number"`
	More      map[string]any     `json:"more,omitzero"`
	Parts     []*part            `json:"parts"`
	Inner     *part              `json:"inner"`
	Last      *plain             `json:"last,omitzero"`
}

type part struct {
	Name  email    `json:"name"`
	Sizes []uint32 `json:"sizes,omitzero"`
}

type email string

// The types below are as generated ones: they carry the two methods.

type wait time.Duration

func (w wait) MarshalJSON() ([]byte, error)     { return value.EncodeJSON(w) }
func (w *wait) UnmarshalJSON(data []byte) error { return value.DecodeJSON(data, w) }

type when time.Time

func (w when) MarshalJSON() ([]byte, error)     { return value.EncodeJSON(w) }
func (w *when) UnmarshalJSON(data []byte) error { return value.DecodeJSON(data, w) }

type tags []string

func (t tags) MarshalJSON() ([]byte, error)     { return value.EncodeJSON(t) }
func (t *tags) UnmarshalJSON(data []byte) error { return value.DecodeJSON(data, t) }

type scores map[int64]uint64

func (s scores) MarshalJSON() ([]byte, error)     { return value.EncodeJSON(s) }
func (s *scores) UnmarshalJSON(data []byte) error { return value.DecodeJSON(data, s) }

type blob []byte

func (b blob) MarshalJSON() ([]byte, error)     { return value.EncodeJSON(b) }
func (b *blob) UnmarshalJSON(data []byte) error { return value.DecodeJSON(data, b) }

type node struct {
	Name     string           `json:"name"`
	Children []*node          `json:"children"`
	Named    map[string]*node `json:"named,omitzero"`
}

func (n node) MarshalJSON() ([]byte, error)     { return value.EncodeJSON(n) }
func (n *node) UnmarshalJSON(data []byte) error { return value.DecodeJSON(data, n) }

// task has one of everything that needs care.
type task struct {
	Title   string           `json:"title"`
	Owner   *part            `json:"owner"`
	Wait    time.Duration    `json:"wait"`
	Named   wait             `json:"named"`
	Pause   *time.Duration   `json:"pause,omitzero"`
	When    when             `json:"when"`
	Tags    tags             `json:"tags"`
	Extra   []string         `json:"extra,omitzero"`
	Rows    [][]int64        `json:"rows"`
	Scores  scores           `json:"scores"`
	Waits   []time.Duration  `json:"waits"`
	Blob    blob             `json:"blob"`
	Limit   int64            `json:"limit" default:"10"`
	Status  email            `json:"status" default:"\"open\""`
	Labels  []string         `json:"labels" default:"[\"a\",\"b\"]"`
	Timeout time.Duration    `json:"timeout" default:"\"PT30S\""`
	Any     any              `json:"any"`
	Sub     *task            `json:"sub,omitzero"`
	Flags   map[bool]string  `json:"flags,omitzero"`
	Start   string           `json:"startID,omitzero"`
	Subs    map[string]*node `json:"subs,omitzero"`
}

func (t task) MarshalJSON() ([]byte, error)     { return value.EncodeJSON(t) }
func (t *task) UnmarshalJSON(data []byte) error { return value.DecodeJSON(data, t) }
