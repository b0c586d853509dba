package value_test

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/courant-dev/courant/value"
)

// Event is as generated from a design.
type Event struct {
	Message string        `json:"message"`
	Wait    time.Duration `json:"wait"`
	Tags    []string      `json:"tags"`
	Note    *string       `json:"note,omitzero"`
	Limit   int64         `json:"limit" default:"10"`
}

func (e Event) MarshalJSON() ([]byte, error)     { return value.EncodeJSON(e) }
func (e *Event) UnmarshalJSON(data []byte) error { return value.DecodeJSON(data, e) }

// Generated types have the right JSON under encoding/json too.
func ExampleEncodeJSON() {
	data, err := json.Marshal(Event{Message: "Hello", Wait: 90 * time.Second})
	fmt.Println(string(data), err)

	var event Event
	err = json.Unmarshal([]byte(`{"message":"Hello","wait":"PT1M30S"}`), &event)
	fmt.Println(event.Wait, event.Limit, err)
	// Output:
	// {"message":"Hello","wait":"PT1M30S","tags":[],"limit":0} <nil>
	// 1m30s 10 <nil>
}

// Strict decoding tells all that is missing at once.
func ExampleCodec_Decode() {
	codec, err := value.NewCodec[*Event]()
	if err != nil {
		fmt.Println(err)
		return
	}
	var event *Event
	fmt.Println(codec.Decode([]byte(`{"wait":"PT1S"}`), &event, true))
	fmt.Println(codec.Decode([]byte(`{"tags":["a",5]}`), &event, true))
	// Output:
	// missing required attributes message, tags
	// tags[1]: want a string, have a number
}

// An attribute travels as text in paths, queries, headers and fields of events.
func ExampleField_ParseText() {
	wait, err := value.FieldOf[*Event]("wait")
	if err != nil {
		fmt.Println(err)
		return
	}
	var event *Event
	fmt.Println(wait.ParseText("PT2H", &event), event.Wait)
	fmt.Println(wait.ParseText("two hours", &event))
	// Output:
	// <nil> 2h0m0s
	// wait: want an ISO 8601 duration such as PT1M30S, have "two hours"
}
