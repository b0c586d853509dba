package openapi

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/courant-dev/courant/internal/gen"
	"github.com/courant-dev/courant/model"
)

// Generator returns the generator of openapi.json.
func Generator() gen.Generator {
	return gen.Generator{Name: "openapi", Doc: "openapi.json, an OpenAPI 3.2.0 document", Run: run}
}

func run(in *gen.Input) ([]gen.File, error) {
	content, err := encode(newDocument(in.Design))
	if err != nil {
		return nil, fmt.Errorf("encode the document: %w", err)
	}
	var out bytes.Buffer
	if err := json.Indent(&out, content, "", "  "); err != nil {
		return nil, fmt.Errorf("indent the document: %w", err)
	}
	out.WriteByte('\n')
	return []gen.File{{Path: "openapi.json", Content: out.Bytes()}}, nil
}

// builder makes the parts of the document of one design.
type builder struct {
	design     *model.Design
	components *components
	operations names
}

func newDocument(d *model.Design) *document {
	b := &builder{design: d, components: newComponents(d), operations: names{}}
	doc := &document{
		OpenAPI:   "3.2.0",
		Generated: gen.Mark,
		Info:      info{Title: d.API.Title, Description: d.API.Description, Version: d.API.Version},
		Servers:   servers(d.API.Servers),
		Security:  []struct{}{},
		Paths:     b.paths(),
	}
	if doc.Info.Title == "" {
		doc.Info.Title = d.API.Name
	}
	for _, s := range d.Services {
		doc.Tags = append(doc.Tags, tag{Name: s.Name, Description: s.Description})
	}
	doc.Components.Schemas = b.components.schemas()
	return doc
}
