package openapitest

import (
	"os"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
)

const golden = "testdata/openapi.json"

func validate(t *testing.T, data []byte) error {
	t.Helper()
	doc, err := openapi3.NewLoader().LoadFromData(data)
	if err != nil {
		return err
	}
	return doc.Validate(t.Context(), openapi3.EnableMultiError())
}

func read(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestDocumentIsValid has the validator look at everything, examples and
// defaults against their schemas included.
func TestDocumentIsValid(t *testing.T) {
	if err := validate(t, []byte(read(t))); err != nil {
		t.Error(err)
	}
}

// TestValidatorSeesFaults proves that the validator looks where faults would
// be.
func TestValidatorSeesFaults(t *testing.T) {
	good := read(t)
	for name, change := range map[string][2]string{
		"a version without itemSchema":  {`"openapi": "3.2.0"`, `"openapi": "3.1.0"`},
		"a reference to nothing":        {`"#/components/schemas/StreamEnd"`, `"#/components/schemas/StreamStart"`},
		"an unknown member":             {`"operationId": "notes.list"`, `"operationID": "notes.list"`},
		"an example beside its rules":   {`"A short title"`, `""`},
		"a default beside its rules":    {`"default": 3`, `"default": 9`},
		"a path parameter without path": {`"/notes/{a_Int}"`, `"/notes/{other}"`},
		"an operation ID twice":         {`"sse.whole"`, `"sse.plain"`},
		"an unknown type":               {`"type": "integer"`, `"type": "int"`},
	} {
		t.Run(name, func(t *testing.T) {
			bad := strings.ReplaceAll(good, change[0], change[1])
			if bad == good {
				t.Fatalf("the document does not have %s", change[0])
			}
			if validate(t, []byte(bad)) == nil {
				t.Error("the validator accepts it")
			}
		})
	}
}
