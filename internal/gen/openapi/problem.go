package openapi

import (
	"net/http"
	"slices"
	"strconv"

	"github.com/courant-dev/courant/model"
)

// problemType is the media type of errors.
const problemType = "application/problem+json"

// answer is one error that a method may answer with.
type answer struct {
	status      int
	description string
	schema      *schema
}

// addProblems adds the answers that are errors: those that the method
// declares, that of a payload that is not valid, and any other.
func (b *builder) addProblems(responses *members[*response], m *model.Method, verb string) {
	var answers []answer
	if m.Payload != nil {
		answers = append(answers, answer{
			http.StatusBadRequest, "The payload cannot be read or is not valid.", b.components.ownRef(validationProblem),
		})
	}
	if m.Topic != nil && m.Topic.OnGap == model.GapFail {
		answers = append(answers, answer{http.StatusGone, "Events that the client has missed are gone.", b.errorSchema(&model.Error{Name: "gap"})})
	}
	for _, e := range m.Errors {
		answers = append(answers, answer{e.Status, errorText(e), b.errorSchema(e)})
	}
	slices.SortStableFunc(answers, func(x, y answer) int { return x.status - y.status })
	for len(answers) > 0 {
		n := 1
		for n < len(answers) && answers[n].status == answers[0].status {
			n++
		}
		addProblem(responses, strconv.Itoa(answers[0].status), answers[:n], verb)
		answers = answers[n:]
	}
	addProblem(responses, "default", []answer{{
		description: "Any other failure.", schema: b.components.ownRef(problem),
	}}, verb)
}

// addProblem adds the errors that share a status, to an answer of that status
// if there is one.
func addProblem(responses *members[*response], status string, answers []answer, verb string) {
	r, ok := responses.get(status)
	if !ok {
		r = &response{}
		responses.set(status, r)
	}
	s := answers[0].schema
	if len(answers) > 1 {
		s = &schema{}
		for _, a := range answers {
			s.OneOf = append(s.OneOf, a.schema)
		}
	}
	for _, a := range answers {
		r.Description = paragraphs(r.Description, a.description)
	}
	if verb != http.MethodHead {
		r.Content.set(problemType, &mediaType{Schema: s})
	}
}

// errorText describes a declared error.
func errorText(e *model.Error) string {
	text := e.Description
	if text == "" {
		text = e.Name + "."
	}
	if e.Temporary {
		text += "\n\nA retry may succeed."
	}
	return text
}

// errorSchema is the problem of a declared error: the attributes of its type
// stand beside the members of the problem.
func (b *builder) errorSchema(e *model.Error) *schema {
	s := &schema{AllOf: []*schema{b.components.ownRef(problem)}}
	if e.Type != "" {
		s.AllOf = append(s.AllOf, b.components.ref(e.Type))
	}
	named := &schema{Type: "object", Required: []string{"name"}}
	named.Properties.set("name", &schema{Const: quote(e.Name)})
	s.AllOf = append(s.AllOf, named)
	return s
}
