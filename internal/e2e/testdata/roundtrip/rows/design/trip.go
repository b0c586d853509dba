// Package design has, for each row of a table, a method for every way that a
// value of its type can travel.
package design

import . "github.com/courant-dev/courant/dsl"

// row is a type: of a payload, a result, an event and of attributes.
type row struct {
	name     string // of its methods
	typ      any
	def      any  // a default; nil for none
	isScalar bool // it fits in a path
}

// group declares a service that sends each row on its journeys.
func group(name string, rows ...row) {
	for _, r := range rows {
		Type(r.name+"_object", r.attributes)
	}
	Service(name, func() {
		HTTP(func() { Path("/" + name) })
		for _, r := range rows {
			r.calls()
			r.streams()
		}
	})
}

func (r row) attributes() {
	Attribute("required", r.typ)
	Attribute("optional", r.typ)
	if r.def != nil {
		Attribute("default", r.typ, func() { Default(r.def) })
	}
	Required("required")
}

// each calls word with the names of the attributes.
func (r row) each(word func(name string)) {
	word("required")
	word("optional")
	if r.def != nil {
		word("default")
	}
}

// method declares a method that answers with what it gets.
func (r row) method(suffix string, payload, result any, http func(path string)) {
	Method(r.name+"_"+suffix, func() {
		Payload(payload)
		Result(result)
		HTTP(func() { http("/" + r.name + "/" + suffix) })
	})
}

func (r row) calls() {
	object := r.name + "_object"
	r.method("value", r.typ, r.typ, func(path string) { POST(path) })
	r.method("get", r.typ, r.typ, func(path string) { GET(path) })
	r.method("body", object, object, func(path string) { POST(path) })
	r.method("query", object, object, func(path string) { GET(path) })
	r.method("header", object, object, func(path string) {
		POST(path)
		r.each(func(name string) { Header(name + ":X-" + name) })
		Response(StatusCreated, func() {
			r.each(func(name string) { Header(name + ":Y-" + name) })
		})
	})
	r.method("part", object, object, func(path string) {
		PUT(path)
		Param("optional")
		Body(func() {
			Attribute("required")
			if r.def != nil {
				Attribute("default")
			}
		})
		Response(StatusOK, func() { Header("optional:Optional") })
	})
	if r.isScalar {
		r.method("path", r.typ, r.typ, func(path string) { GET(path + "/{value}/end") })
	}
}

// stream declares a method that streams.
func (r row) stream(suffix string, event any, words func()) {
	Method(r.name+"_"+suffix, func() {
		StreamingResult(event)
		HTTP(func() {
			GET("/" + r.name + "/" + suffix)
			ServerSentEvents(words)
		})
	})
}

func (r row) streams() {
	object := r.name + "_object"
	r.stream("events", r.typ, func() {})
	r.stream("bare", r.typ, func() { SSEEventValue() })
	r.stream("objects", object, func() {})
	r.stream("members", object, func() {
		names := []string{"optional", "required"}
		if r.def != nil {
			names = append(names, "default")
		}
		SSEEventData(names...)
	})
	r.stream("one", func() {
		Attribute("value", r.typ)
		Required("value")
	}, func() { SSEEventValue("value") })
	r.stream("maybe", func() { Attribute("value", r.typ) }, func() { SSEEventValue("value") })
}
