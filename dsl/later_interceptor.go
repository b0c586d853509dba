package dsl

import "github.com/courant-dev/courant/eval"

// Interceptor declares an interceptor. It is not built yet: a design that uses
// it is refused.
//
//go:noinline
func Interceptor(name string, fn ...func()) *eval.Call {
	return eval.Record("Interceptor", with(fn, name)...)
}

// ServerInterceptor puts interceptors before methods in the server. It is not
// built yet: a design that uses it is refused.
//
//go:noinline
func ServerInterceptor(interceptors ...any) { eval.Record("ServerInterceptor", interceptors...) }

// ClientInterceptor puts interceptors before methods in the client. It is not
// built yet: a design that uses it is refused.
//
//go:noinline
func ClientInterceptor(interceptors ...any) { eval.Record("ClientInterceptor", interceptors...) }

// ReadPayload names what an [Interceptor] reads. It is not built yet: a design
// that uses it is refused.
//
//go:noinline
func ReadPayload(arg any) { eval.Record("ReadPayload", arg) }

// ReadResult names what an [Interceptor] reads. It is not built yet: a design
// that uses it is refused.
//
//go:noinline
func ReadResult(arg any) { eval.Record("ReadResult", arg) }

// ReadStreamingPayload names what an [Interceptor] reads. It is not built yet:
// a design that uses it is refused.
//
//go:noinline
func ReadStreamingPayload(arg any) { eval.Record("ReadStreamingPayload", arg) }

// ReadStreamingResult names what an [Interceptor] reads. It is not built yet:
// a design that uses it is refused.
//
//go:noinline
func ReadStreamingResult(arg any) { eval.Record("ReadStreamingResult", arg) }

// WritePayload names what an [Interceptor] writes. It is not built yet: a
// design that uses it is refused.
//
//go:noinline
func WritePayload(arg any) { eval.Record("WritePayload", arg) }

// WriteResult names what an [Interceptor] writes. It is not built yet: a
// design that uses it is refused.
//
//go:noinline
func WriteResult(arg any) { eval.Record("WriteResult", arg) }

// WriteStreamingPayload names what an [Interceptor] writes. It is not built
// yet: a design that uses it is refused.
//
//go:noinline
func WriteStreamingPayload(arg any) { eval.Record("WriteStreamingPayload", arg) }

// WriteStreamingResult names what an [Interceptor] writes. It is not built
// yet: a design that uses it is refused.
//
//go:noinline
func WriteStreamingResult(arg any) { eval.Record("WriteStreamingResult", arg) }
