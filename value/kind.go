package value

// Kind says what sort of value an attribute holds, whether it is optional or
// not, and whether its Go type has a name or not.
type Kind int

// The kinds.
const (
	KindBool     Kind = iota + 1
	KindInt           // int64, int32, …
	KindUint          // uint64, uint32, …
	KindFloat         // float64, float32
	KindString        // string
	KindBytes         // []byte
	KindTime          // time.Time
	KindDuration      // time.Duration
	KindAny           // any; a union
	KindArray         // []T
	KindMap           // map[K]V
	KindObject        // a struct
)

// IsScalar reports whether values of the kind have a text of their own: all
// but any, arrays, maps and objects.
func (k Kind) IsScalar() bool { return k >= KindBool && k <= KindDuration }
