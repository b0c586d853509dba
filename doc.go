// Package courant is the run time that generated code calls: it owns how
// methods are served and called over HTTP, how payloads, results and events
// travel, how a stream ends, and how a client comes back to it.
//
// It does not own the bytes of text/event-stream (package sse), the JSON and
// text of values (package value), or the rules of a design (package valid), and
// it knows nothing of the design language or of generators.
//
// # Using it
//
// An application implements a generated interface, serves it with the generated
// New or Mount, and calls it through a generated client. What it needs of this
// package are options, such as [WithStreams] and [WithHeader], errors, [Error]
// above all, and [Open]. The rest is for generated code.
//
// # Terminology
//
// A method is one operation of a service. It has a payload, and either one
// result (a unary method) or a stream of events. A frame is the bytes of one
// event. The outcome of a stream is how it ended; a stream that ends without
// one was cut. The last event ID is where a client resumes. A heartbeat keeps a
// connection alive; draining ends streams so that clients connect elsewhere.
//
// # Behind proxies
//
// Events of a stream are live behind nginx, haproxy and Caddy: its headers
// forbid to buffer or compress it (X-Accel-Buffering: no, Cache-Control:
// no-transform). Two things they cannot do. haproxy holds each event back for
// 200 ms unless its configuration says "option http-no-delay". Caddy 2.6 with
// encode passes the headers on with the first event only, and compresses, and so
// holds back, a stream whose first write is larger than 512 bytes; let it pass
// streams by:
//
//	@page not header Accept text/event-stream
//	encode @page gzip
package courant
