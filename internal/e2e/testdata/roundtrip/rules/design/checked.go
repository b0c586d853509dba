// Package design has, for each row of a table, a method for every place where
// a rule can stand.
package design

import . "github.com/courant-dev/courant/dsl"

// row is a type and what its values must satisfy.
type row struct {
	name  string
	typ   any
	rules func()
	isKey bool // it can be the key of a map
}

var _ = Type("Choice", String, func() { Enum("open", "done") })

func checked(rows ...row) {
	for _, r := range rows {
		Type(r.name+"_type", r.typ, r.rules)
	}
	Service("rules", func() {
		for _, r := range rows {
			r.method("object", func() { Payload(r.attributes) }, func(path string) { POST(path) })
			r.method("direct", func() { Payload(r.typ, r.rules) }, func(path string) { POST(path) })
			r.method("query", func() { Payload(r.attributes) }, func(path string) { GET(path) })
			if r.isKey {
				keys := MapOf(r.typ, String, func() { Key(r.rules) })
				r.method("keys", func() { Payload(keys) }, func(path string) { POST(path) })
			}
		}
	})
}

func (r row) method(suffix string, payload func(), route func(path string)) {
	Method(r.name+"_"+suffix, func() {
		payload()
		HTTP(func() { route("/" + r.name + "/" + suffix) })
	})
}

func (r row) attributes() {
	Attribute("required", r.typ, r.rules)
	Attribute("optional", r.typ, r.rules)
	Attribute("typed", r.name+"_type")
	Attribute("list", ArrayOf(r.typ, r.rules))
	Attribute("mapped", MapOf(String, r.typ, func() { Elem(r.rules) }))
	Attribute("inner", func() {
		Attribute("value", r.typ, r.rules)
		Required("value")
	})
	Required("required")
}
