package valid_test

import (
	"errors"
	"fmt"
	"math"

	"github.com/courant-dev/courant/valid"
)

// The types and their methods are as generated from a design.

type Email string

func (v Email) Validate() error {
	var e valid.Errors
	valid.FormatEmail(&e, "", v)
	return e.Err()
}

type Author struct {
	Name  string
	Email Email
}

func (v *Author) Validate() error {
	var e valid.Errors
	valid.MinLength(&e, "name", v.Name, 1)
	e.Nested("email", v.Email.Validate())
	return e.Err()
}

type CreatePayload struct {
	Title  string
	Status string
	Limit  *int64
	Tags   []string
	Author *Author
	Others []*Author
	Scores map[string]float64
}

var createPayloadTagsPattern = valid.Pattern(`^[a-z]+$`)

func (v *CreatePayload) Validate() error {
	var e valid.Errors
	valid.MinLength(&e, "title", v.Title, 1)
	valid.Enum(&e, "status", v.Status, "open", "done")
	if v.Limit != nil {
		valid.Maximum(&e, "limit", *v.Limit, 100)
	}
	valid.MaxLen(&e, "tags", len(v.Tags), 2)
	for i, elem := range v.Tags {
		valid.Match(&e, valid.Index("tags", i), elem, createPayloadTagsPattern)
	}
	valid.Object(&e, "author", v.Author)
	for i, elem := range v.Others {
		valid.Object(&e, valid.Index("others", i), elem)
	}
	for key, elem := range v.Scores {
		valid.Minimum(&e, valid.Key("scores", key), elem, 0.5)
	}
	return e.Err()
}

// A generated Validate method has one line per check.
func Example() {
	limit := int64(101)
	err := (&CreatePayload{
		Status: "lost",
		Limit:  &limit,
		Tags:   []string{"a", "b", "C"},
		Others: []*Author{nil, {Name: "Ada", Email: "ada"}},
		Scores: map[string]float64{"a b": math.NaN()},
	}).Validate()

	if list, ok := errors.AsType[valid.Errors](err); ok {
		for _, e := range list {
			fmt.Println(e.Attribute, "|", e.Rule, "|", e.Message)
		}
	}
	// Output:
	// title | MinLength | want at least 1 character, have 0
	// status | Enum | want one of "open", "done"
	// limit | Maximum | want at most 100, have 101
	// tags | MaxLength | want at most 2 elements, have 3
	// tags[2] | Pattern | want a match of ^[a-z]+$
	// author | Required | is required
	// others[0] | Required | is required
	// others[1].email | Format | want an email address
	// scores["a b"] | Minimum | want at least 0.5, have NaN
}
