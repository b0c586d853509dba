package openapi

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/courant-dev/courant/model"
)

// document is the OpenAPI Object.
type document struct {
	OpenAPI    string             `json:"openapi"`
	Generated  string             `json:"x-generated"` // within the first 512 bytes
	Info       info               `json:"info"`
	Servers    []server           `json:"servers,omitempty"`
	Tags       []tag              `json:"tags,omitempty"`
	Security   []struct{}         `json:"security"` // empty: no credentials are asked for
	Paths      members[*pathItem] `json:"paths"`
	Components componentsObject   `json:"components,omitzero"`
}

type info struct {
	Title       string `json:"title"`
	Description string `json:"description,omitempty"`
	Version     string `json:"version"`
}

type server struct {
	URL         string `json:"url"`
	Description string `json:"description,omitempty"`
}

type tag struct {
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
}

type componentsObject struct {
	Schemas members[*schema] `json:"schemas,omitempty"`
}

// IsZero makes a document without components lack the member.
func (c componentsObject) IsZero() bool { return len(c.Schemas) == 0 }

// pathItem is the Path Item Object. A verb that is none of its members is
// among the additional ones, as OpenAPI 3.2 has it.
type pathItem struct {
	Get        *operation          `json:"get,omitempty"`
	Put        *operation          `json:"put,omitempty"`
	Post       *operation          `json:"post,omitempty"`
	Delete     *operation          `json:"delete,omitempty"`
	Options    *operation          `json:"options,omitempty"`
	Head       *operation          `json:"head,omitempty"`
	Patch      *operation          `json:"patch,omitempty"`
	Trace      *operation          `json:"trace,omitempty"`
	Additional members[*operation] `json:"additionalOperations,omitempty"`
}

type operation struct {
	Tags        []string           `json:"tags,omitempty"`
	Summary     string             `json:"summary,omitempty"`
	Description string             `json:"description,omitempty"`
	OperationID string             `json:"operationId"`
	Parameters  []*parameter       `json:"parameters,omitempty"`
	RequestBody *requestBody       `json:"requestBody,omitempty"`
	Responses   members[*response] `json:"responses"`
}

// parameter is the Parameter Object: a schema for text, content for JSON.
type parameter struct {
	Name        string              `json:"name"`
	In          string              `json:"in"`
	Description string              `json:"description,omitempty"`
	Required    bool                `json:"required,omitempty"`
	Schema      *schema             `json:"schema,omitempty"`
	Content     members[*mediaType] `json:"content,omitempty"`
	Example     json.RawMessage     `json:"example,omitempty"`
}

type requestBody struct {
	Required bool                `json:"required"`
	Content  members[*mediaType] `json:"content"`
}

type response struct {
	Description string              `json:"description"`
	Headers     members[*header]    `json:"headers,omitempty"`
	Content     members[*mediaType] `json:"content,omitempty"`
}

// header is the Header Object.
type header struct {
	Description string              `json:"description,omitempty"`
	Required    bool                `json:"required,omitempty"`
	Schema      *schema             `json:"schema,omitempty"`
	Content     members[*mediaType] `json:"content,omitempty"`
}

// mediaType is the Media Type Object. ItemSchema describes one event of a
// stream.
type mediaType struct {
	Schema     *schema           `json:"schema,omitempty"`
	ItemSchema *schema           `json:"itemSchema,omitempty"`
	Example    json.RawMessage   `json:"example,omitempty"`
	Examples   members[*example] `json:"examples,omitempty"`
}

// example is the Example Object: a value of the schema, or text as it travels.
type example struct {
	Summary         string          `json:"summary,omitempty"`
	Value           json.RawMessage `json:"value,omitempty"`
	SerializedValue string          `json:"serializedValue,omitempty"`
}

// servers lists the places where HTTP is served, each once.
func servers(all []*model.Server) []server {
	var out []server
	for _, s := range all {
		for _, h := range s.Hosts {
			for _, uri := range h.URIs {
				known := slices.ContainsFunc(out, func(x server) bool { return x.URL == uri })
				if known || !strings.HasPrefix(uri, "http://") && !strings.HasPrefix(uri, "https://") {
					continue
				}
				description := h.Description
				if description == "" {
					description = s.Description
				}
				out = append(out, server{URL: uri, Description: description})
			}
		}
	}
	return out
}
