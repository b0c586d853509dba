package courant

import (
	"fmt"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"

	"github.com/courant-dev/courant/value"
)

// paramPlan knows one attribute that travels outside the body.
//
//	/rooms/7,8                       InPath: an array is separated by commas
//	?room=7&room=8                   InQuery: an array is repeated; one without elements is absent
//	X-Room: 7                        InHeader: an array has a line for each element
//	?filter=%7B%22by%22%3A%22me%22%7D an object, a map or Any is JSON
type paramPlan[T any] struct {
	Param
	field *value.Field[T]

	hasElements bool // a list with a default that is not empty
}

func newParamPlan[T any](p Param) (*paramPlan[T], error) {
	field, err := value.FieldOf[T](p.Attribute)
	if err != nil {
		return nil, err
	}
	if p.In < InPath || p.In > InHeader || p.Name == "" {
		return nil, fmt.Errorf("parameter %q of attribute %q travels nowhere", p.Name, p.Attribute)
	}
	if p.In == InHeader {
		p.Name = textproto.CanonicalMIMEHeaderKey(p.Name)
	}
	return &paramPlan[T]{p, field, hasElements(field)}, nil
}

// hasElements reports whether the default of a list has any: then a list without
// elements, which is absent, would become another one.
func hasElements[T any](field *value.Field[T]) bool {
	var v T
	if !field.IsList() || !field.SetDefault(&v) {
		return false
	}
	texts, _, err := field.Texts(v)
	return err == nil && len(texts) > 0
}

// decode reads the attribute, gives it its default, or reports that it is
// missing.
func (p *paramPlan[T]) decode(r *http.Request, query url.Values, v *T) error {
	var texts []string
	switch p.In {
	case InPath:
		texts = []string{r.PathValue(p.Name)}
		if p.field.IsList() {
			texts = strings.Split(texts[0], ",")
		}
	case InQuery:
		texts = query[p.Name]
	case InHeader:
		texts = headerTexts(r, p.Name)
	}
	return p.set(texts, v)
}

// set sets the attribute to the texts that came.
func (p *paramPlan[T]) set(texts []string, v *T) error {
	if len(texts) > 0 {
		return p.named(p.field.ParseTexts(texts, v))
	}
	switch {
	case p.field.SetDefault(v), !p.field.IsRequired():
		return nil
	case p.field.IsList(): // of no elements nothing travels
		return p.named(p.field.ParseTexts(nil, v))
	}
	return &value.MissingError{Paths: []string{p.path()}}
}

// path names the attribute, or the parameter where it is the payload itself.
func (p *paramPlan[T]) path() string {
	if p.Attribute == "" {
		return p.Name
	}
	return p.Attribute
}

func (p *paramPlan[T]) named(err error) error {
	if wrong, ok := err.(*value.Error); ok && p.Attribute == "" {
		path := p.Name + "." + wrong.Path
		if wrong.Path == "" || wrong.Path[0] == '[' {
			path = p.Name + wrong.Path
		}
		return &value.Error{Path: path, Message: wrong.Message}
	}
	return err
}

// headerTexts returns the lines of a header. The server keeps Host apart.
func headerTexts(r *http.Request, name string) []string {
	if name == "Host" {
		return []string{r.Host}
	}
	return r.Header.Values(name)
}

// addTo writes the attribute where it travels, if it is there.
func (p *paramPlan[T]) addTo(v T, path map[string]string, query url.Values, header http.Header) error {
	texts, present, err := p.field.Texts(v)
	if err != nil {
		return err
	}
	if !present && p.In != InPath {
		return nil
	}
	if p.hasElements && texts != nil && len(texts) == 0 {
		return fmt.Errorf("%s: an array without elements cannot travel: it would become the default", p.path())
	}
	switch p.In {
	case InPath:
		if p.field.IsList() {
			for _, text := range texts {
				if strings.Contains(text, ",") {
					return fmt.Errorf("%s: an element with a comma cannot travel in a path", p.path())
				}
			}
		}
		path[p.Name] = strings.Join(texts, ",")
	case InQuery:
		query[p.Name] = append(query[p.Name], texts...)
	case InHeader:
		for _, text := range texts {
			if strings.ContainsFunc(text, isControl) {
				return fmt.Errorf("%s: a control character cannot travel in a header", p.path())
			}
			if strings.Trim(text, " \t") != text { // the receiver drops it (RFC 9110, § 5.5)
				return fmt.Errorf("%s: white space at its ends cannot travel in a header", p.path())
			}
			header.Add(p.Name, text)
		}
	}
	return nil
}

// isControl reports whether a header field cannot have r in its value
// (RFC 9110, § 5.5).
func isControl(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }
