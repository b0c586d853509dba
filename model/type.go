package model

// Type is a user type: a name for an object, an enumeration or any other type.
type Type struct {
	Key         string // unique in the design; what [DataType.Type] refers to
	Name        string // as in the design, or the Go name that eval gave a lifted type
	Lifted      bool   // an inline object or Enum that eval gave a name
	Description string
	Def         *DataType // what the name stands for; never of kind User
	Rules       Rules     // what a value must satisfy; of an object, always zero
	Examples    []*Value
	Services    []string // the services that reach the type, in the order of the design
	Error       string   // the declared error it is the type of; empty for none
}

// DataType says what a value can be.
type DataType struct {
	Kind       Kind
	Type       string       // User: the key of the type
	Key, Elem  *Attribute   // Map: both; Array: Elem
	Attributes []*Attribute // Object
}

// Attribute returns the attribute of the object called name, or nil.
func (t *DataType) Attribute(name string) *Attribute {
	for _, a := range t.Attributes {
		if a.Name == name {
			return a
		}
	}
	return nil
}

// Attribute is a value that travels: a member of an object, the element or key
// of a collection, a payload, a result or an event.
type Attribute struct {
	Name        string // empty for what is no member of an object
	Description string
	Type        *DataType // never of kind Object: that is behind a user type
	Required    bool      // always true for what is no member of an object
	Plain       bool      // optional, yet a plain string in Go: the attribute of SSERequestID
	Default     *Value    // nil for none; always nil when Required
	Rules       Rules     // beside those of the user type
	Examples    []*Value
}

// Rules is what a value must satisfy besides its type. The zero Rules allow
// everything.
type Rules struct {
	Enum      []*Value
	Format    Format // zero for none
	Pattern   string // an RE2 expression; empty for none
	Minimum   Number // empty for none
	Maximum   Number // empty for none
	MinLength *int   // runes of a String, bytes of Bytes, elements of a collection
	MaxLength *int
}

// IsZero reports whether r allows everything.
func (r Rules) IsZero() bool {
	return r.Enum == nil && r.Format == 0 && r.Pattern == "" && r.Minimum == "" &&
		r.Maximum == "" && r.MinLength == nil && r.MaxLength == nil
}

// Number is an exact decimal number, as JSON writes it.
type Number string

// Value is a constant of the design: an example, a default, one of an Enum.
type Value struct {
	Summary string // of an example; may be empty
	JSON    string // the value as it travels
}
