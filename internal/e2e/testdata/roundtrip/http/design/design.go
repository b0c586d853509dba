// Package design says how methods travel over HTTP in ways that are not the
// default.
package design

import . "github.com/courant-dev/courant/dsl"

var Note = Type("Note", func() {
	Description("A note that people share.")
	Attribute("id")
	Attribute("title", String, "What it is about", func() { MinLength(1) })
	Attribute("text")
	Attribute("version", Int)
	Attribute("tags", ArrayOf(String))
	Required("id", "title")
})

var _ = API("notes", func() {
	Title("Notes")
	Version("1.2.3")
	Error("busy", func() { Temporary() })
	HTTP(func() {
		Path("/api")
		Response("busy", StatusServiceUnavailable)
	})
})

var _ = Service("notes", func() {
	Error("not_found", func() {
		Attribute("nr")
		Attribute("near", ArrayOf("Note"))
		Required("nr", "near")
	})
	Error("conflict", String, "Somebody was faster.")
	HTTP(func() {
		Path("/notes")
		Path("//old")
		Response("not_found", StatusNotFound)
	})
	Method("create", func() {
		Payload(func() {
			Reference(Note)
			Attribute("title")
			Attribute("text")
			Required("title")
		})
		Result(func() {
			Attribute("note", Note)
			Attribute("location")
			Attribute("etag", Int)
			Required("note", "location")
		})
		HTTP(func() {
			POST("/")
			Response(StatusCreated, func() {
				Header("location:Location")
				Header("etag:ETag")
				Body("note")
			})
		})
	})
	Method("read", func() {
		Payload(func() {
			Attribute("id")
			Attribute("lang", String, func() { Default("en") })
			Attribute("if_version", Int)
			Required("id")
		})
		Result(Note)
		HTTP(func() {
			GET("/{id}")
			GET("/by-id/{id}/")
			POST("/{id}")
			Param("lang:l")
			Header("if_version:If-Version")
			Response("conflict", StatusConflict)
		})
	})
	Method("replace", func() {
		Payload(func() {
			Extend(Note)
			Attribute("notify", Boolean)
			Required("notify")
		})
		Result(Note)
		HTTP(func() {
			PUT("/{id}/{title}")
			Param("notify")
			Body(func() {
				Attribute("text")
				Attribute("tags")
			})
		})
	})
	Method("retitle", func() {
		Payload(func() {
			Attribute("id")
			Attribute("title")
			Required("id", "title")
		})
		HTTP(func() {
			PATCH("/{id}/")
			Body("title")
			Response(StatusAccepted)
		})
	})
	Method("remove", func() {
		Payload(String)
		HTTP(func() { DELETE("/{id}") })
	})
	Method("exists", func() {
		Payload(func() {
			Attribute("id")
			Required("id")
		})
		Result(func() {
			Attribute("version", Int)
			Required("version")
		})
		HTTP(func() {
			HEAD("/head/{id}")
			Response(StatusOK, func() { Header("version:X-Version") })
		})
	})
	Method("upload", func() {
		Payload(func() {
			Attribute("path")
			Attribute("data", Bytes)
			Required("path", "data")
		})
		Result(Int)
		HTTP(func() {
			PUT("//files/{*path}")
			Body("data")
		})
	})
	Method("between", func() {
		Payload(func() {
			Attribute("from", Timestamp)
			Attribute("ids", ArrayOf(UInt32))
			Attribute("filter", MapOf(String, ArrayOf(String)))
			Attribute("by", Note)
			Required("from", "ids")
		})
		Result(ArrayOf(Note))
		HTTP(func() { GET("/between/{from}/{ids}") })
	})
	Method("touch", func() {
		Idempotent()
		HTTP(func() {
			POST("//touch")
			OPTIONS("//touch")
		})
	})
	Files("//page/{*path}", "page")
	Files("//about", "page/about.html")
})
