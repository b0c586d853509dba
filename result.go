package courant

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"reflect"
	"strconv"
)

// resultPlan knows where the attributes of a result travel in an answer. It is
// immutable.
type resultPlan[R any] struct {
	status  int
	headers []*paramPlan[R]
	body    *bodyPlan[R] // nil for none
}

func newResultPlan[R any](r Response) (*resultPlan[R], error) {
	plan := &resultPlan[R]{status: r.Status}
	var err error
	if plan.body, err = newBodyPlan[R](r.Body); err != nil {
		return nil, err
	}
	if plan.status == 0 {
		plan.status = http.StatusOK
		if plan.body == nil {
			plan.status = http.StatusNoContent
		}
	}
	if !bodyAllowed(plan.status) {
		plan.body = nil
	}
	var none R
	if _, ok := any(none).(None); ok {
		return plan, nil
	}
	for _, p := range r.Headers {
		if p.In != InHeader {
			return nil, fmt.Errorf("parameter %q of a response: want InHeader", p.Name)
		}
		header, err := newParamPlan[R](p)
		if err != nil {
			return nil, err
		}
		plan.headers = append(plan.headers, header)
	}
	return plan, nil
}

// bodyAllowed reports whether an answer with this status may have a body
// (RFC 9110, § 6.4.1).
func bodyAllowed(status int) bool {
	return status >= 200 && status != http.StatusNoContent && status != http.StatusNotModified
}

// write answers with r. An error says that r cannot travel; then nothing was
// written.
//
//	HTTP/1.1 201 Created
//	Content-Type: application/json
//	Location: /notes/7
//
//	{"id":"7","title":"Buy milk"}
func (plan *resultPlan[R]) write(w http.ResponseWriter, r R) error {
	if v := reflect.ValueOf(r); v.Kind() == reflect.Pointer && v.IsNil() {
		return errors.New("the result is nil")
	}
	header := http.Header{}
	for _, p := range plan.headers {
		if err := p.addTo(r, nil, nil, header); err != nil {
			return err
		}
	}
	var body []byte
	if plan.body != nil {
		var err error
		if body, err = plan.body.append(nil, r); err != nil {
			return err
		}
		header.Set("Content-Type", "application/json")
		header.Set("Content-Length", strconv.Itoa(len(body)))
	}
	out := w.Header()
	maps.Copy(out, header)
	w.WriteHeader(plan.status)
	if len(body) > 0 {
		_, _ = w.Write(body) // the peer is gone: there is nobody to tell
	}
	return nil
}

// decode reads a successful answer.
func (plan *resultPlan[R]) decode(resp *http.Response, strict bool) (R, error) {
	var r R
	if plan.body != nil && resp.Request.Method != http.MethodHead {
		data, err := io.ReadAll(resp.Body)
		if err != nil {
			return r, err
		}
		contentType := resp.Header.Get("Content-Type")
		mediaType, _, _ := mime.ParseMediaType(contentType)
		if len(data) == 0 || !isJSON(mediaType) {
			return r, fmt.Errorf("courant: result: want a JSON body, have %d bytes of content type %q", len(data), contentType)
		}
		if err := plan.body.read(data, &r, strict); err != nil {
			return r, fmt.Errorf("courant: result: %w", err)
		}
	}
	for _, p := range plan.headers {
		texts := resp.Header.Values(p.Name)
		if len(texts) == 0 && !strict {
			p.field.SetDefault(&r)
			continue
		}
		if err := p.set(texts, &r); err != nil {
			return r, fmt.Errorf("courant: result: %w", err)
		}
	}
	return r, nil
}
