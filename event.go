package courant

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/courant-dev/courant/sse"
	"github.com/courant-dev/courant/value"
)

// eventPlan knows how an event becomes the fields of a Server-Sent Event and
// comes back. It is immutable.
type eventPlan[E any] struct {
	data  *bodyPlan[E] // nil for no data: the data is empty
	bare  *value.Field[E]
	typ   *value.Field[E]
	id    *value.Field[E]
	retry *value.Field[E]

	done       string // the sentinel, if the design has one
	endByID    bool   // a client that resumes after the ID stream-end is told the end
	typeInData bool   // the data has the event type too
	nilable    bool   // E is a pointer or an interface
	scratch    sync.Pool
}

// buffers are what encoding one event needs.
type buffers struct{ typ, id, retry, data, frame []byte }

// release gives b back, but for those that are too large to keep.
func (plan *eventPlan[E]) release(b *buffers) {
	if cap(b.data)+cap(b.frame) <= sendBuffer {
		plan.scratch.Put(b)
	}
}

func newEventPlan[E any](e Events) (*eventPlan[E], error) {
	plan := &eventPlan[E]{done: e.Done, endByID: endsByID(e)}
	kind := reflect.TypeFor[E]().Kind()
	plan.nilable = kind == reflect.Pointer || kind == reflect.Interface
	plan.scratch.New = func() any { return new(buffers) }
	for _, f := range []struct {
		field **value.Field[E]
		name  string
	}{{&plan.typ, e.Type}, {&plan.id, e.ID}, {&plan.retry, e.Retry}} {
		if f.name == "" {
			continue
		}
		field, err := value.FieldOf[E](f.name)
		if err != nil {
			return nil, err
		}
		*f.field = field
	}
	if err := plan.checkKinds(); err != nil {
		return nil, err
	}
	var err error
	if plan.data, err = newBodyPlan[E](e.Data); err != nil {
		return nil, err
	}
	if e.Data.part == partBare && plan.data != nil {
		plan.bare = plan.data.field
	}
	switch e.Data.part {
	case partWhole:
		plan.typeInData = true
	case partMembers, partBare:
		for _, name := range e.Data.names {
			plan.typeInData = plan.typeInData || name == e.Type
		}
	}
	return plan, nil
}

func (plan *eventPlan[E]) checkKinds() error {
	for _, f := range []*value.Field[E]{plan.typ, plan.id} {
		if f != nil && f.Kind() != value.KindString {
			return fmt.Errorf("attribute %q: want a String for the event type or ID", f.Name())
		}
	}
	if f := plan.retry; f != nil {
		switch f.Kind() {
		case value.KindInt, value.KindUint, value.KindDuration:
		default:
			return fmt.Errorf("attribute %q: want an integer or a Duration for the retry time", f.Name())
		}
	}
	return nil
}

// encode makes b.frame the frame of e:
//
//	event: notification
//	id: 123
//	retry: 3000
//	data: {"message":"Hello"}
func (plan *eventPlan[E]) encode(b *buffers, e E) error {
	fields, err := plan.fields(e, b)
	if err == nil {
		err = plan.check(fields)
	}
	if err != nil {
		return err
	}
	b.frame, err = sse.AppendEvent(b.frame[:0], fields)
	return err
}

// check refuses what would be taken for something else.
func (plan *eventPlan[E]) check(fields sse.Event) error {
	switch {
	case strings.HasPrefix(fields.Type, controlPrefix):
		return fmt.Errorf("event type %q: the prefix %q is for control events", fields.Type, controlPrefix)
	case strings.ContainsFunc(fields.ID, isControl), strings.Trim(fields.ID, " \t") != fields.ID:
		return fmt.Errorf("event ID %q: it cannot come back in the header Last-Event-ID", fields.ID)
	case plan.endByID && fields.ID == endID:
		return fmt.Errorf("event ID %q: it marks the end of the stream", endID)
	case plan.done != "" && string(fields.Data) == plan.done:
		return fmt.Errorf("data %q: it marks the end of the stream", plan.done)
	}
	return nil
}

func (plan *eventPlan[E]) fields(e E, b *buffers) (sse.Event, error) {
	var out sse.Event
	var err error
	var present bool
	if plan.typ != nil {
		if b.typ, _, err = plan.typ.AppendText(b.typ[:0], e); err != nil {
			return out, err
		}
		out.Type = string(b.typ)
	}
	if plan.id != nil {
		if b.id, present, err = plan.id.AppendText(b.id[:0], e); err != nil {
			return out, err
		}
		if present {
			out.ID, out.HasID = string(b.id), true
		}
	}
	if plan.retry != nil {
		if b.retry, present, err = plan.retry.AppendText(b.retry[:0], e); err != nil {
			return out, err
		}
		if present {
			if out.Retry, err = plan.parseRetry(string(b.retry)); err != nil {
				return out, err
			}
			out.HasRetry = true
		}
	}
	b.data, err = plan.appendData(b.data[:0], e)
	out.Data = b.data
	return out, err
}

// parseRetry reads the text of the retry attribute.
func (plan *eventPlan[E]) parseRetry(text string) (time.Duration, error) {
	name := plan.retry.Name()
	if plan.retry.Kind() == value.KindDuration {
		d, err := value.ParseDuration(text)
		if err != nil || d < 0 {
			return 0, fmt.Errorf("%s: want a retry time of zero or more, have %s", name, text)
		}
		return d, nil
	}
	ms, err := strconv.ParseInt(text, 10, 64)
	if err != nil || ms < 0 || ms > int64(1<<63-1)/int64(time.Millisecond) {
		return 0, fmt.Errorf("%s: want a retry time in milliseconds, have %s", name, text)
	}
	return time.Duration(ms) * time.Millisecond, nil
}

func (plan *eventPlan[E]) appendData(dst []byte, e E) ([]byte, error) {
	if plan.data == nil {
		return dst, nil
	}
	if plan.bare != nil && plan.isText() {
		out, _, err := plan.bare.AppendText(dst, e)
		return out, err
	}
	return plan.data.append(dst, e)
}

// isText reports whether the bare value travels as its text and not as JSON.
func (plan *eventPlan[E]) isText() bool {
	kind := plan.bare.Kind()
	return kind == value.KindString || kind == value.KindBytes
}

// decode returns the event that ev carries. What the fields say wins over the
// data. It keeps nothing of ev.Data.
func (plan *eventPlan[E]) decode(ev sse.Event, strict bool) (E, error) {
	var e E
	if err := plan.decodeData(ev.Data, &e, strict); err != nil {
		return e, err
	}
	if plan.typ != nil && !plan.typeIsTold(ev.Type) {
		if err := plan.typ.ParseText(ev.Type, &e); err != nil {
			return e, err
		}
	}
	// The ID of an event without one is the one in force; an optional attribute
	// is nil then.
	if plan.id != nil && (ev.HasID || plan.id.IsRequired()) {
		if err := plan.id.ParseText(ev.ID, &e); err != nil {
			return e, err
		}
	}
	if plan.retry != nil && ev.HasRetry {
		text := strconv.FormatInt(ev.Retry.Milliseconds(), 10)
		if plan.retry.Kind() == value.KindDuration {
			text = value.FormatDuration(ev.Retry)
		}
		return e, plan.retry.ParseText(text, &e)
	}
	return e, nil
}

// typeIsTold reports whether an event without a type, which is a message, says
// nothing about the attribute: that is optional, or the data has it.
func (plan *eventPlan[E]) typeIsTold(typ string) bool {
	return typ == "message" && (plan.typeInData || !plan.typ.IsRequired())
}

func (plan *eventPlan[E]) decodeData(data []byte, e *E, strict bool) error {
	switch {
	case plan.data == nil:
		return nil
	case plan.bare != nil && plan.isText():
		return plan.bare.ParseText(string(data), e)
	}
	err := plan.data.read(data, e, strict)
	if missing, ok := errors.AsType[*value.MissingError](err); ok {
		return plan.withoutFields(missing)
	}
	return err
}

// withoutFields takes out of the missing attributes those that travel in
// fields beside the data.
func (plan *eventPlan[E]) withoutFields(missing *value.MissingError) error {
	var paths []string
	for _, path := range missing.Paths {
		told := plan.typ != nil && path == plan.typ.Name() ||
			plan.id != nil && path == plan.id.Name() ||
			plan.retry != nil && path == plan.retry.Name()
		if !told {
			paths = append(paths, path)
		}
	}
	if len(paths) == 0 {
		return nil
	}
	return &value.MissingError{Paths: paths}
}
