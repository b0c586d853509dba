package eval_test

import (
	"fmt"
	"math"
	"reflect"
	"testing"

	. "github.com/courant-dev/courant/dsl"
	"github.com/courant-dev/courant/eval"
)

// scopes are the places where TestNothingPanics puts a word.
var scopes = map[string]func(word func()) func(){
	"top": func(word func()) func() { return func() { word(); method(func() {})() } },
	"API": func(word func()) func() { return func() { API("a", word); method(func() {})() } },
	"Server": func(word func()) func() {
		return func() { API("a", func() { Server("x", word) }); method(func() {})() }
	},
	"Service":   service,
	"Method":    method,
	"Payload":   payload,
	"Type":      func(word func()) func() { return func() { Type("T", word); attribute("T")() } },
	"Elem":      func(word func()) func() { return attribute(ArrayOf(String), func() { Elem(word) }) },
	"Attribute": func(word func()) func() { return attribute(word) },
	"Int":       func(word func()) func() { return attribute(Int, word) },
	"Error":     func(word func()) func() { return method(func() { Error("bad", word) }) },
	"HTTP of the service": func(word func()) func() {
		return service(func() {
			HTTP(word)
			Method("m", func() { Payload(attrs("a")); StreamingResult(String); HTTP(func() { GET("/{a}") }) })
		})
	},
	"HTTP of a method": func(word func()) func() {
		return method(func() {
			Payload(attrs("a"))
			Result(attrs("b"))
			HTTP(func() { GET("/{a}"); word() })
		})
	},
	"HTTP without payload": func(word func()) func() { return method(func() { HTTP(func() { POST("/"); word() }) }) },
	"Response":             func(word func()) func() { return responses(attrs("a"), func() { Response(StatusOK, word) }) },
	"ServerSentEvents":     func(word func()) func() { return stream(attrs("a"), word) },
}

// words are those of the language whose arguments Go does not check.
var words = map[string]any{
	"Payload": Payload, "Result": Result, "StreamingResult": StreamingResult, "Error": Error,
	"Type": Type, "ArrayOf": ArrayOf, "MapOf": MapOf, "Extend": Extend, "Reference": Reference,
	"Attribute": Attribute, "Field": Field, "Required": Required, "Default": Default,
	"Example": Example, "Value": Value, "Enum": Enum, "Format": Format, "Pattern": Pattern,
	"Minimum": Minimum, "Maximum": Maximum, "MinLength": MinLength, "Param": Param,
	"Params": Params, "Header": Header, "Headers": Headers, "Body": Body, "Response": Response,
	"Code": Code, "HTTP": HTTP, "Path": Path, "GET": GET, "Files": Files, "Server": Server,
	"Services": Services, "URI": URI, "ServerSentEvents": ServerSentEvents,
	"SSEEventData": SSEEventData, "SSEEventValue": SSEEventValue, "SSEEventType": SSEEventType,
	"SSEEventID": SSEEventID, "SSEEventRetry": SSEEventRetry, "SSERequestID": SSERequestID,
	"SSEDone": SSEDone, "SSEControlEvents": SSEControlEvents, "SSEHeartbeat": SSEHeartbeat,
	"OneOf": OneOf, "ResultType": ResultType, "Timeout": Timeout,
}

// odd are arguments of all sorts.
func odd() []any {
	return []any{
		nil, "", "a", "T", "s", ":", "a:", "{*", "A sentence.", "\x00\xff", 0, -1, 204, math.NaN(), uint64(math.MaxUint64),
		true, String, Empty, ErrorResult, ArrayOf("T"), MapOf(Any, Any), DataType(nil), (*eval.Call)(nil),
		Val{"a": nil}, map[int]any{1: nil}, []any{nil}, struct{}{}, func() {}, (func())(nil),
		func() { Attribute("a"); Required("a") }, make(chan int),
	}
}

// TestNothingPanics proves that whatever a design says is answered by a model
// or by problems.
func TestNothingPanics(t *testing.T) {
	for place, scope := range scopes {
		for name, word := range words {
			f := reflect.ValueOf(word)
			for i, first := range odd() {
				for count := range counts(f.Type()) {
					args := argumentsFor(f.Type(), first, odd()[(i*7+count)%len(odd())], count)
					what := func() string { return fmt.Sprintf("%s in %s with %v", name, place, args) }
					check(t, what, scope(func() { f.Call(args) }))
				}
			}
		}
	}
}

// counts returns how many numbers of variadic arguments are tried: 0, 1 and 2,
// where there are any.
func counts(f reflect.Type) int {
	if f.IsVariadic() {
		return 3
	}
	return 1
}

func check(t *testing.T, what func() string, design func()) {
	t.Helper()
	defer func() {
		if r := recover(); r != nil {
			t.Errorf("%s: panic: %v", what(), r)
		}
	}()
	d, problems := eval.Evaluate(design)
	if (d == nil) != (len(problems) > 0) {
		t.Errorf("%s: model %v with %d problems", what(), d, len(problems))
	}
}

// argumentsFor makes arguments of a function: first where it fits, then more.
func argumentsFor(f reflect.Type, first, more any, variadic int) []reflect.Value {
	var args []reflect.Value
	for i := range f.NumIn() {
		in, n := f.In(i), 1
		if f.IsVariadic() && i == f.NumIn()-1 {
			in, n = in.Elem(), variadic
		}
		for range n {
			v := reflect.ValueOf(first)
			if !v.IsValid() || !v.Type().AssignableTo(in) {
				v = reflect.Zero(in)
			}
			args = append(args, v)
			first = more
		}
	}
	return args
}
