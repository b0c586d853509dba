package openapi

import (
	"encoding/json"

	"github.com/courant-dev/courant/model"
)

// schema is the Schema Object: JSON Schema of 2020-12, where a $ref may have
// siblings.
type schema struct {
	Ref              string            `json:"$ref,omitempty"`
	Type             string            `json:"type,omitempty"`
	Format           string            `json:"format,omitempty"`
	Description      string            `json:"description,omitempty"`
	Const            json.RawMessage   `json:"const,omitempty"`
	Enum             []json.RawMessage `json:"enum,omitempty"`
	Default          json.RawMessage   `json:"default,omitempty"`
	Pattern          string            `json:"pattern,omitempty"`
	RE2              string            `json:"x-re2-pattern,omitempty"` // what is not portable
	Minimum          json.Number       `json:"minimum,omitempty"`
	Maximum          json.Number       `json:"maximum,omitempty"`
	MinLength        *int              `json:"minLength,omitempty"`
	MaxLength        *int              `json:"maxLength,omitempty"`
	ContentEncoding  string            `json:"contentEncoding,omitempty"`
	ContentMediaType string            `json:"contentMediaType,omitempty"`
	ContentSchema    *schema           `json:"contentSchema,omitempty"`
	Items            *schema           `json:"items,omitempty"`
	MinItems         *int              `json:"minItems,omitempty"`
	MaxItems         *int              `json:"maxItems,omitempty"`
	PropertyNames    *schema           `json:"propertyNames,omitempty"`
	Additional       *schema           `json:"additionalProperties,omitempty"`
	MinProperties    *int              `json:"minProperties,omitempty"`
	MaxProperties    *int              `json:"maxProperties,omitempty"`
	Properties       members[*schema]  `json:"properties,omitempty"`
	Required         []string          `json:"required,omitempty"`
	AllOf            []*schema         `json:"allOf,omitempty"`
	AnyOf            []*schema         `json:"anyOf,omitempty"`
	OneOf            []*schema         `json:"oneOf,omitempty"`
	Not              *schema           `json:"not,omitempty"`
	Examples         []json.RawMessage `json:"examples,omitempty"`
}

// jsonString is the schema of a string that holds JSON.
func jsonString(content *schema) *schema {
	return &schema{Type: "string", ContentMediaType: jsonType, ContentSchema: content}
}

// jsonType is the media type of bodies.
const jsonType = "application/json"

// kind returns what a value of the type is in the end.
func kind(d *model.Design, t *model.DataType) model.Kind {
	if t.Kind == model.User {
		return d.Type(t.Type).Def.Kind
	}
	return t.Kind
}

// typeSchema is the schema of the user type itself, for the components.
func (c *components) typeSchema(t *model.Type) *schema {
	s := c.dataSchema(t.Def)
	applyRules(s, t.Def.Kind, t.Rules)
	s.Description = t.Description
	s.Examples = values(t.Examples)
	if s.Examples == nil && t.Def.Kind.IsPrimitive() {
		s.Examples = list(c.sampler.user(t))
	}
	return s
}

// attributeSchema is the schema of the value of an attribute. The name is what
// an example is made for; empty for none.
func (c *components) attributeSchema(name string, a *model.Attribute) *schema {
	s := c.dataSchema(a.Type)
	applyRules(s, kind(c.design, a.Type), a.Rules)
	s.Description = a.Description
	if a.Default != nil {
		s.Default = json.RawMessage(a.Default.JSON)
	}
	s.Examples = values(a.Examples)
	if s.Examples == nil && name != "" && a.Type.Kind.IsPrimitive() && a.Type.Kind != model.Any {
		s.Examples = list(c.sampler.attribute(name, a))
	}
	return s
}

// objectSchema is the schema of an object of the attributes.
func (c *components) objectSchema(attributes []*model.Attribute) *schema {
	s := &schema{Type: "object"}
	for _, a := range attributes {
		s.Properties.set(a.Name, c.attributeSchema(a.Name, a))
		if a.Required {
			s.Required = append(s.Required, a.Name)
		}
	}
	return s
}

func (c *components) dataSchema(t *model.DataType) *schema {
	switch t.Kind {
	case model.Boolean:
		return &schema{Type: "boolean"}
	case model.Int, model.Int64:
		return &schema{Type: "integer", Format: "int64"}
	case model.Int32:
		return &schema{Type: "integer", Format: "int32"}
	case model.UInt, model.UInt64:
		return &schema{Type: "integer", Format: "uint64", Minimum: "0"}
	case model.UInt32:
		return &schema{Type: "integer", Format: "uint32", Minimum: "0"}
	case model.Float32:
		return &schema{Type: "number", Format: "float"}
	case model.Float64:
		return &schema{Type: "number", Format: "double"}
	case model.String:
		return &schema{Type: "string"}
	case model.Bytes:
		return &schema{Type: "string", ContentEncoding: "base64"}
	case model.Timestamp:
		return &schema{Type: "string", Format: "date-time"}
	case model.Duration:
		return &schema{Type: "string", Format: "duration"}
	case model.Array:
		return &schema{Type: "array", Items: c.attributeSchema("", t.Elem)}
	case model.Map:
		return &schema{Type: "object", PropertyNames: c.keySchema(t.Key), Additional: c.attributeSchema("", t.Elem)}
	case model.Object:
		return c.objectSchema(t.Attributes)
	case model.User:
		return c.ref(t.Type)
	case model.Any:
	}
	return &schema{}
}

// keySchema is the schema of the key of a map, which is text in JSON; nil when
// it may be any text.
func (c *components) keySchema(key *model.Attribute) *schema {
	switch k := kind(c.design, key.Type); {
	case k == model.Boolean:
		return &schema{Enum: []json.RawMessage{quote("true"), quote("false")}}
	case k == model.UInt || k == model.UInt32 || k == model.UInt64:
		return &schema{Pattern: "^[0-9]+$"}
	case k.IsInteger():
		return &schema{Pattern: "^-?[0-9]+$"}
	case k.IsNumber():
		return nil
	}
	s := c.attributeSchema("", key)
	if key.Type.Kind == model.String && key.Rules.IsZero() && key.Description == "" {
		return nil
	}
	return s
}

// values returns the constants as JSON.
func values(all []*model.Value) []json.RawMessage {
	var out []json.RawMessage
	for _, v := range all {
		out = append(out, json.RawMessage(v.JSON))
	}
	return out
}

// list returns the value alone, or nothing when there is none.
func list(v json.RawMessage) []json.RawMessage {
	if v == nil {
		return nil
	}
	return []json.RawMessage{v}
}
