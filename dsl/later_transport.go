package dsl

import "github.com/courant-dev/courant/eval"

// The codes of gRPC, for designs that say how they travel over [GRPC].
const (
	CodeOK = iota
	CodeCanceled
	CodeUnknown
	CodeInvalidArgument
	CodeDeadlineExceeded
	CodeNotFound
	CodeAlreadyExists
	CodePermissionDenied
	CodeResourceExhausted
	CodeFailedPrecondition
	CodeAborted
	CodeOutOfRange
	CodeUnimplemented
	CodeInternal
	CodeUnavailable
	CodeDataLoss
	CodeUnauthenticated
)

// The codes of JSON-RPC, for designs that say how they travel over [JSONRPC].
const (
	RPCParseError     = -32700
	RPCInvalidRequest = -32600
	RPCMethodNotFound = -32601
	RPCInvalidParams  = -32602
	RPCInternalError  = -32603
)

// GRPC says how things travel over gRPC. It is not built yet: a design that
// uses it is refused.
//
//go:noinline
func GRPC(fn func()) { eval.Record("GRPC", fn) }

// Message is the message of a [GRPC] call. It is not built yet: a design that
// uses it is refused.
//
//go:noinline
func Message(fn func()) { eval.Record("Message", fn) }

// Metadata maps attributes to the metadata of a [GRPC] call. It is not built
// yet: a design that uses it is refused.
//
//go:noinline
func Metadata(fn func()) { eval.Record("Metadata", fn) }

// Trailers maps attributes to the trailers of a [GRPC] call. It is not built
// yet: a design that uses it is refused.
//
//go:noinline
func Trailers(fn func()) { eval.Record("Trailers", fn) }

// Package is the package of the Protocol Buffers of [GRPC]. It is not built
// yet: a design that uses it is refused.
//
//go:noinline
func Package(name string) { eval.Record("Package", name) }

// JSONRPC says how things travel over JSON-RPC. It is not built yet: a design
// that uses it is refused.
//
//go:noinline
func JSONRPC(fn func()) { eval.Record("JSONRPC", fn) }

// ID is the attribute that holds the ID of a [JSONRPC] request. It is not
// built yet: a design that uses it is refused.
//
//go:noinline
func ID(name string, args ...any) { eval.Record("ID", append([]any{name}, args...)...) }
