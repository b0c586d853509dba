package courant

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

// HandleUnary serves a method with one answer on the routes of m. Generated
// Mount functions call it. It panics, as [http.ServeMux] does, when a route is
// taken, and when m does not fit its types.
//
// The payload is decoded and validated first: what is wrong with it is answered
// with 400, 413 or 415, and f is not called. Then f's result is written, or its
// error: an [*Error] as it is, a declared one with the status of the design, any
// other, and a panic, with 500 and an ID that is in the log with what happened.
// Panicking with [http.ErrAbortHandler] cuts the connection.
func HandleUnary[P, R any](mux *http.ServeMux, m *UnaryMethod[P, R],
	f func(context.Context, P) (R, error), opts ...ServerOption) {
	request, err := newRequestPlan[P](m.HTTP.Request)
	mustPlan(m.Name, err)
	response, err := newResultPlan[R](m.HTTP.Response)
	mustPlan(m.Name, err)
	config := newServerConfig(m.Name, opts)
	config.errors = m.Errors
	for _, p := range m.HTTP.Response.Headers {
		config.headers = append(config.headers, p.Name)
	}
	h := &unaryHandler{config, func(r *http.Request) (unaryCall, error) {
		p, err := request.decode(r, config.maxBody, m.Validate)
		if err != nil {
			return nil, err
		}
		return func(w http.ResponseWriter) error {
			result, err := f(r.Context(), p)
			if err != nil {
				return err
			}
			return response.write(w, result)
		}, nil
	}}
	mount(mux, m.HTTP.Routes, h, config)
}

// HandleStream serves a method that streams on the routes of m. Generated Mount
// functions call it. It panics as [HandleUnary] does.
//
// The payload is decoded and validated first, as by HandleUnary. Then f is
// called; the headers go out with the first Send, with [Open], or after
// [WithHeaderDelay]. If f returns an error before, that is the answer.
//
// How the stream ends is fixed when f returns; the first of these that is true:
//
//	the client is gone, or a write failed    nothing can be told
//	the server drains                        stream-drain
//	f returned an error that is ErrDraining  stream-drain, if the context is not done
//	the context is done                      nothing: the connection is cut
//	f panicked, or returned an error         stream-error
//	f returned nil                           stream-end, or the design's sentinel
//
// Without control events, what is not the last row is a cut connection. A
// request with the last event ID stream-end is answered 204, so that every
// EventSource stops; f is not called for it, nor for a HEAD.
func HandleStream[P, E any](mux *http.ServeMux, m *StreamMethod[P, E],
	f func(context.Context, P, *ServerStream[E]) error, opts ...ServerOption) {
	request, err := newRequestPlan[P](m.HTTP.Request)
	mustPlan(m.Name, err)
	events, err := newEventPlan[E](m.HTTP.Events)
	mustPlan(m.Name, err)
	config := newServerConfig(m.Name, opts)
	config.errors = m.Errors
	h := &streamHandler{config: config, events: m.HTTP.Events, prepare: func(r *http.Request) (streamCall, error) {
		p, err := request.decode(r, config.maxBody, m.Validate)
		if err != nil {
			return nil, err
		}
		return func(ctx context.Context, core *streamCore) error {
			return f(ctx, p, &ServerStream[E]{core, events})
		}, nil
	}}
	mount(mux, m.HTTP.Routes, h, config)
}

func mustPlan(method string, err error) {
	if err != nil {
		panic(fmt.Sprintf("courant: %s: %v", method, err))
	}
}

// A unaryCall calls a method and writes its result. With an error nothing was
// written.
type unaryCall func(http.ResponseWriter) error

type unaryHandler struct {
	config  *serverConfig
	prepare func(*http.Request) (unaryCall, error)
}

func (h *unaryHandler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w = withoutBody(w, r)
	err := protect(func() error {
		call, err := h.prepare(r)
		if err != nil {
			return err
		}
		return call(w)
	})
	switch {
	case err == nil:
	case isAbort(err):
		panic(http.ErrAbortHandler)
	default:
		answerError(w, r, h.config, err)
	}
}

// answerError answers with err, and logs what the client is not told.
func answerError(w http.ResponseWriter, r *http.Request, config *serverConfig, err error) {
	sent, known := outward(err, config.errors)
	if gone := r.Context().Err(); !known && (gone == nil || !errors.Is(err, gone)) {
		logError(r, config.logger, config.method, sent, err)
	}
	_ = writeProblem(w, sent) // the peer is gone: there is nobody to tell
}

// withoutBody returns a writer that drops the body for a HEAD.
func withoutBody(w http.ResponseWriter, r *http.Request) http.ResponseWriter {
	if r.Method == http.MethodHead {
		return headWriter{w}
	}
	return w
}

type headWriter struct{ http.ResponseWriter }

func (headWriter) Write(p []byte) (int, error) { return len(p), nil }

func (w headWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
