// Package valid owns the checks that generated Validate methods call: one
// function per rule of a design, and the list of what does not hold.
//
// It does not decode, does not look at types by reflection and knows nothing
// of HTTP. It imports the standard library only.
//
// A generated method has one line per check. Checks that hold do not allocate;
// [Index] and [Key] do. See the package example for the shape.
//
//	func (p *CreatePayload) Validate() error {
//		var e valid.Errors
//		valid.MinLength(&e, "title", p.Title, 1)
//		if p.Limit != nil {
//			valid.Maximum(&e, "limit", *p.Limit, 100)
//		}
//		valid.MaxLen(&e, "tags", len(p.Tags), 8)
//		for i, tag := range p.Tags {
//			valid.Match(&e, valid.Index("tags", i), tag, tagPattern)
//		}
//		valid.Object(&e, "author", p.Author)
//		return e.Err()
//	}
//
// Messages name the limit, and the number or the length that is beyond it. Text
// is never echoed: it may be long, or secret.
package valid
