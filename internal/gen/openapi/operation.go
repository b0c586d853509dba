package openapi

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/courant-dev/courant/model"
)

// operation describes one route of a method.
func (b *builder) operation(s *model.Service, m *model.Method, at route, id string) *operation {
	op := &operation{
		Tags:        []string{s.Name},
		Summary:     summary(m.Description, m.Name),
		OperationID: id,
		Parameters:  b.parameters(m, at),
		RequestBody: b.requestBody(m),
	}
	if op.Summary != strings.TrimSuffix(m.Description, ".") {
		op.Description = m.Description
	}
	if m.Event != nil && m.HTTP.Stream != nil {
		op.Responses.set(strconv.Itoa(http.StatusOK), b.stream(m))
		if hasStreamEnd(m.HTTP.Stream) {
			op.Responses.set(strconv.Itoa(http.StatusNoContent), &response{
				Description: "The stream has ended: the request came with the last event ID stream-end. An EventSource stops here.",
			})
		}
	} else {
		r := b.success(m)
		if at.verb == http.MethodHead {
			r.Content = nil
		}
		op.Responses.set(strconv.Itoa(m.HTTP.Response.Status), r)
	}
	b.addProblems(&op.Responses, m, at.verb)
	return op
}

// filesOperation describes a route that serves static files.
func (b *builder) filesOperation(s *model.Service, f *model.Files, at route) *operation {
	op := &operation{
		Tags:        []string{s.Name},
		Summary:     summary(f.Description, "Download "+f.Path),
		Description: f.Description,
		OperationID: b.operations.unique(operationID(s, "files")),
	}
	if at.rest != "" {
		op.Parameters = []*parameter{{
			Name: at.rest, In: model.InPath.String(), Required: true, Description: restText,
			Schema: &schema{Type: "string", Examples: list(quote("index.html"))},
		}}
	}
	file := &mediaType{}
	op.Responses.set("200", &response{Description: "The file.", Content: members[*mediaType]{{"*/*", file}}})
	op.Responses.set("404", &response{Description: "There is no such file."})
	return op
}

// summary is the first sentence of the description without its full stop, or
// the name in words.
func summary(description, name string) string {
	first, _, _ := strings.Cut(description, "\n\n")
	first, _, _ = strings.Cut(first, ". ")
	first = strings.TrimSuffix(strings.Join(strings.Fields(first), " "), ".")
	if first != "" {
		return first
	}
	return name
}

// success describes the answer of a method that does not stream.
func (b *builder) success(m *model.Method) *response {
	r := m.HTTP.Response
	out := &response{Description: r.Description}
	if out.Description == "" && m.Result != nil {
		out.Description = m.Result.Description
	}
	if out.Description == "" {
		out.Description = http.StatusText(r.Status)
	}
	for _, p := range r.Headers {
		a := b.member(m.Result, p.Attribute)
		h := &header{Description: a.Description, Required: a.Required}
		h.Schema, h.Content = b.textOrJSON(p.Name, a)
		out.Headers.set(p.Name, h)
	}
	if media := b.body(m.Result, r.Body); media != nil {
		out.Content.set(jsonType, media)
	}
	return out
}

// member returns the attribute of the value with the name, or the value itself
// for the empty name.
func (b *builder) member(value *model.Attribute, name string) *model.Attribute {
	if name == "" {
		return value
	}
	return object(b.design, value).Attribute(name)
}

// object returns the object behind the type of the value, or an empty one.
func object(d *model.Design, value *model.Attribute) *model.DataType {
	if value == nil || kind(d, value.Type) != model.Object {
		return &model.DataType{Kind: model.Object}
	}
	return d.Type(value.Type.Type).Def
}
