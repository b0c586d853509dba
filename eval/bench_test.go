package eval_test

import (
	"encoding/json"
	"fmt"
	"testing"

	. "github.com/courant-dev/courant/dsl"
	"github.com/courant-dev/courant/eval"
)

// BenchmarkEvaluate evaluates a design of 500 methods.
func BenchmarkEvaluate(b *testing.B) {
	design := service(func() {
		for i := range 500 {
			id := fmt.Sprintf("%d", i)
			Method("m"+id, func() {
				Payload(func() {
					Attribute("id", String, "The ID", func() { Format(FormatUUID) })
					Attribute("limit", Int, func() { Minimum(1); Maximum(100); Default(20) })
					Required("id")
				})
				StreamingResult(func() {
					Attribute("message", String, func() { MinLength(1) })
					Required("message")
				})
				Error("e" + id)
				HTTP(func() {
					GET("/m" + id + "/{id}")
					Param("limit")
					Response("e"+id, StatusNotFound)
					ServerSentEvents(func() { SSEEventData("message") })
				})
			})
		}
	})
	for b.Loop() {
		d, problems := eval.Evaluate(design)
		if len(problems) > 0 {
			b.Fatal(problems[0].Message)
		}
		if _, err := json.Marshal(d); err != nil {
			b.Fatal(err)
		}
	}
}
