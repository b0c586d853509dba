package eval_test

import (
	. "github.com/courant-dev/courant/dsl"
	"github.com/courant-dev/courant/eval"
)

// The functions of this file shorten the designs of the tables.

// service declares a service "s" with the given body.
func service(body func()) func() {
	return func() { Service("s", body) }
}

// method declares a service "s" with one method "m" of the given body.
func method(body func()) func() {
	return service(func() { Method("m", body) })
}

// payload declares a method whose payload has the given body, served by POST.
func payload(body func()) func() {
	return method(func() {
		Payload(body)
		HTTP(func() { POST("/m") })
	})
}

// attribute declares a payload with the attribute "a" of the given arguments.
func attribute(args ...any) func() {
	return payload(func() { Attribute("a", args...) })
}

// get declares a method with a payload served by GET at path, and more words
// in its HTTP.
func get(path string, attributes, words func()) func() {
	return method(func() {
		Payload(attributes)
		HTTP(func() {
			GET(path)
			if words != nil {
				words()
			}
		})
	})
}

// stream declares a method that streams events of the given attributes, with
// words in its ServerSentEvents.
func stream(attributes, words func()) func() {
	return method(func() {
		StreamingResult(attributes)
		HTTP(func() {
			GET("/m")
			ServerSentEvents(words)
		})
	})
}

// routes declares a service with a method without payload for each path.
func routes(paths ...string) func() {
	return service(func() {
		for i, path := range paths {
			Method(string(rune('a'+i)), func() { HTTP(func() { GET(path) }) })
		}
	})
}

// responses declares a method with a result of the given attributes, and words
// in its HTTP.
func responses(attributes, words func()) func() {
	return method(func() {
		if attributes != nil {
			Result(attributes)
		}
		HTTP(func() {
			POST("/m")
			words()
		})
	})
}

func attrs(names ...string) func() {
	return func() {
		for _, n := range names {
			Attribute(n)
		}
	}
}

func messages(design func()) []string {
	_, problems := eval.Evaluate(design)
	var out []string
	for _, p := range problems {
		out = append(out, p.Message)
	}
	return out
}
