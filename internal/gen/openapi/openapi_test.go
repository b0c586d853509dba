package openapi_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/courant-dev/courant/internal/gen"
	"github.com/courant-dev/courant/internal/gen/openapi"
)

var update = flag.Bool("update", false, "write what is generated to where the test reads it")

func generate(t *testing.T) []byte {
	t.Helper()
	files, err := openapi.Generator().Run(&gen.Input{Design: design()})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != 1 || files[0].Path != "openapi.json" {
		t.Fatalf("generated %d files, want openapi.json alone", len(files))
	}
	return files[0].Content
}

// TestDocument compares the document with the one that the module openapitest
// gives to a validator. It lies there because go test does not notice changes
// outside of a module.
func TestDocument(t *testing.T) {
	got, golden := generate(t), filepath.Join("openapitest", "testdata", "openapi.json")
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("the document is not %s; to accept it: go test ./internal/gen/openapi -update", golden)
	}
	for range 10 {
		if !bytes.Equal(generate(t), got) {
			t.Fatal("two runs gave two documents")
		}
	}
	if !bytes.Contains(got[:512], []byte(gen.Mark)) || !bytes.HasSuffix(got, []byte("}\n")) {
		t.Error("the mark is not at the beginning, or no newline at the end")
	}
}

func TestExamplesAreStable(t *testing.T) {
	var doc any
	d := json.NewDecoder(bytes.NewReader(generate(t)))
	d.UseNumber()
	if err := d.Decode(&doc); err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	walk(doc, "", func(path string, v any) {
		switch v := v.(type) {
		case json.Number:
			if n, err := strconv.ParseFloat(string(v), 64); err != nil || n >= 1<<53 || n <= -(1<<53) {
				t.Errorf("%s: %s is beyond what JavaScript counts", path, v)
			}
		case string:
			if strings.HasSuffix(path, ".message") && strings.Contains(path, "example") && !strings.Contains(path, "errors") {
				seen[v] = path
			}
		}
	})
	if len(seen) > 1 {
		t.Errorf("one attribute has several examples: %v", seen)
	}
}

func walk(v any, path string, f func(string, any)) {
	f(path, v)
	switch v := v.(type) {
	case map[string]any:
		for name, x := range v {
			walk(x, path+"."+name, f)
		}
	case []any:
		for _, x := range v {
			walk(x, path+"[]", f)
		}
	}
}

// TestOperationIDs has two services, several routes of one method and a name
// that is already taken.
func TestOperationIDs(t *testing.T) {
	var doc struct {
		Paths map[string]map[string]json.RawMessage `json:"paths"`
	}
	if err := json.Unmarshal(generate(t), &doc); err != nil {
		t.Fatal(err)
	}
	ids := map[string]string{}
	for path, item := range doc.Paths {
		for verb, raw := range item {
			var op struct {
				OperationID string `json:"operationId"`
			}
			if verb == "additionalOperations" {
				continue
			}
			if err := json.Unmarshal(raw, &op); err != nil {
				t.Fatal(err)
			}
			if other, ok := ids[op.OperationID]; ok || op.OperationID == "" {
				t.Errorf("%s %s and %s have the operation ID %q", verb, path, other, op.OperationID)
			}
			ids[op.OperationID] = verb + " " + path
		}
	}
	for id, want := range map[string]string{
		"notes.create": "post /notes", "notes.create2": "put /notes", "notes.show2": "head /notes/{a_Int}",
		"chat.stream2": "post /rooms/{room}/events", "chat.stream_2": "delete /rooms/{room}/events",
	} {
		if ids[id] != want {
			t.Errorf("%s is %q, want %q", id, ids[id], want)
		}
	}
}
