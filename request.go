package courant

import (
	"errors"
	"io"
	"math"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"github.com/courant-dev/courant/valid"
	"github.com/courant-dev/courant/value"
)

// lastEventIDParam is the query parameter that a browser names its place with
// on the first connection, where it cannot set a header.
const lastEventIDParam = "last_event_id"

// requestPlan knows where the attributes of a payload travel in a request. It
// is immutable.
type requestPlan[P any] struct {
	params  []*paramPlan[P]
	body    *bodyPlan[P]    // nil for none
	last    *value.Field[P] // of the last event ID; nil for none
	touched *value.Codec[P] // of no attribute: allocates a payload
}

func newRequestPlan[P any](r Request) (*requestPlan[P], error) {
	plan := &requestPlan[P]{}
	var none P
	if _, ok := any(none).(None); ok {
		return plan, nil
	}
	for _, p := range r.Params {
		param, err := newParamPlan[P](p)
		if err != nil {
			return nil, err
		}
		plan.params = append(plan.params, param)
	}
	var err error
	if plan.body, err = newBodyPlan[P](r.Body); err != nil {
		return nil, err
	}
	if r.LastEventID != "" {
		if plan.last, err = value.FieldOf[P](r.LastEventID); err != nil {
			return nil, err
		}
	}
	codec, err := value.NewCodec[P]()
	if err != nil {
		return nil, err
	}
	if codec.Kind() == value.KindObject {
		plan.touched, err = codec.Members()
	}
	return plan, err
}

// decode reads the payload. validate checks it; nil is the payload's own
// Validate method. Everything that is wrong is in one [Error]: 400 with Faults,
// or 413, 415 for a body that is not read.
func (plan *requestPlan[P]) decode(r *http.Request, maxBody int64, validate func(P) error) (P, error) {
	var p P
	if plan.touched != nil {
		if err := plan.touched.Decode([]byte("{}"), &p, false); err != nil {
			return p, err
		}
	}
	var found faults
	partial := false // the body was not read to its end
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		found.add("", "Type", "the query cannot be read: "+err.Error())
	}
	if plan.body != nil {
		data, err := readBody(r, maxBody)
		if err != nil {
			return p, err
		}
		if err := plan.body.decode(data, r.Header.Get("Content-Type"), &p); err != nil {
			if refused, ok := err.(*Error); ok {
				return p, refused
			}
			found.addError(err)
			_, missing := errors.AsType[*value.MissingError](err)
			partial = !missing
		}
	}
	for _, param := range plan.params {
		found.addError(param.decode(r, query, &p))
	}
	if plan.last != nil {
		found.addError(decodeLastEventID(plan.last, r, &p))
	}
	if !partial {
		found.addError(checkPayload(p, validate, len(found.list) > 0))
	}
	return p, found.err()
}

// checkPayload validates p. A payload that could not be decoded is not what
// Validate may rely on: then it may fail.
func checkPayload[P any](p P, validate func(P) error, broken bool) (err error) {
	if validate == nil {
		own, ok := any(p).(interface{ Validate() error })
		if !ok {
			return nil
		}
		validate = func(P) error { return own.Validate() }
	}
	if broken {
		defer func() {
			if recover() != nil {
				err = nil
			}
		}()
	}
	return validate(p)
}

// decodeLastEventID reads the header Last-Event-ID, which is UTF-8 as it is,
// else the query parameter last_event_id.
func decodeLastEventID[P any](f *value.Field[P], r *http.Request, p *P) error {
	id, ok := lastEventIDOf(r)
	if ok {
		return f.ParseText(id, p)
	}
	if f.IsRequired() {
		return &value.MissingError{Paths: []string{f.Name()}}
	}
	f.SetDefault(p)
	return nil
}

// lastEventIDOf returns the last event ID and whether there is one: as in the
// standard, an empty one is none.
func lastEventIDOf(r *http.Request) (string, bool) {
	id := r.Header.Get("Last-Event-ID")
	if id == "" && r.URL.RawQuery != "" {
		id = r.URL.Query().Get(lastEventIDParam)
	}
	return strings.ToValidUTF8(id, "\uFFFD"), id != ""
}

// readBody reads the whole body, up to maxBody bytes.
func readBody(r *http.Request, maxBody int64) ([]byte, error) {
	tooLarge := func(limit int64) error {
		return NewError(http.StatusRequestEntityTooLarge, "too_large",
			"the body is larger than "+sizeText(limit))
	}
	if r.Body == nil {
		return nil, nil
	}
	if r.ContentLength > maxBody {
		return nil, tooLarge(maxBody)
	}
	if coding := r.Header.Get("Content-Encoding"); coding != "" && coding != "identity" {
		return nil, NewError(http.StatusUnsupportedMediaType, "unsupported_media_type",
			"a body with a Content-Encoding is not read")
	}
	more := min(maxBody, math.MaxInt64-1) + 1 // to see that there is more
	data, err := io.ReadAll(io.LimitReader(r.Body, more))
	var limited *http.MaxBytesError
	switch {
	case errors.As(err, &limited):
		return nil, tooLarge(limited.Limit)
	case err != nil:
		return nil, NewError(http.StatusBadRequest, "validation", "the body cannot be read")
	case int64(len(data)) > maxBody:
		return nil, tooLarge(maxBody)
	}
	return data, nil
}

// isJSON reports whether a media type is JSON: application/json, or one that
// ends in +json (RFC 6839).
func isJSON(mediaType string) bool {
	return mediaType == "application/json" ||
		strings.HasPrefix(mediaType, "application/") && strings.HasSuffix(mediaType, "+json")
}

// checkContentType refuses a body that is not JSON in UTF-8.
func checkContentType(contentType string) error {
	mediaType, params, err := mime.ParseMediaType(contentType)
	charset, named := params["charset"]
	if err == nil && isJSON(mediaType) && (!named || strings.EqualFold(charset, "utf-8")) {
		return nil
	}
	have := "none"
	if contentType != "" {
		have = contentType
	}
	return NewError(http.StatusUnsupportedMediaType, "unsupported_media_type",
		"want the content type application/json, have "+have)
}

// faults gathers what is wrong with a payload.
type faults struct{ list []Fault }

func (f *faults) add(attribute, rule, message string) {
	f.list = append(f.list, Fault{attribute, rule, message})
}

// addError adds what err says of attributes about which nothing is known yet.
func (f *faults) addError(err error) {
	if err == nil {
		return
	}
	if missing, ok := errors.AsType[*value.MissingError](err); ok {
		for _, path := range missing.Paths {
			f.add(path, "Required", "is required")
		}
		return
	}
	if wrong, ok := errors.AsType[*value.Error](err); ok {
		f.add(wrong.Path, "Type", wrong.Message)
		return
	}
	list, ok := errors.AsType[valid.Errors](err)
	if !ok {
		f.add("", "Validate", err.Error())
		return
	}
	known := map[string]bool{}
	for _, fault := range f.list {
		known[fault.Attribute] = true
	}
	for _, e := range list {
		if !known[e.Attribute] {
			f.add(e.Attribute, e.Rule, e.Message)
		}
	}
}

// err is all of it:
//
//	400 {…,"detail":"title: is required","name":"validation","errors":[{"attribute":"title","rule":"Required","message":"is required"}]}
func (f *faults) err() error {
	if len(f.list) == 0 {
		return nil
	}
	texts := make([]string, len(f.list))
	for i, fault := range f.list {
		texts[i] = fault.String()
	}
	e := NewError(http.StatusBadRequest, "validation", strings.Join(texts, "; "))
	e.Faults = f.list
	return e
}
