package value

import "reflect"

// marks is the set of the attributes of an object that were read.
type marks struct {
	low  uint64 // the first 64
	high []bool // the others
}

func (m *marks) set(i int, read bool) {
	switch {
	case i < 64 && read:
		m.low |= 1 << i
	case i < 64:
		m.low &^= 1 << i
	default:
		for len(m.high) <= i-64 {
			m.high = append(m.high, false)
		}
		m.high[i-64] = read
	}
}

func (m *marks) has(i int) bool {
	if i < 64 {
		return m.low&(1<<i) != 0
	}
	return i-64 < len(m.high) && m.high[i-64]
}

// object reads an object into v, a struct. Attributes that are absent are left
// as they are, or become their default.
func (d *decoder) object(p *plan, v reflect.Value) error {
	if d.peek() != '{' {
		return d.want("an object")
	}
	if err := d.enter(); err != nil {
		return err
	}
	o := p.object
	top := len(d.steps)
	d.steps = append(d.steps, step{})
	var read marks
	next := 0 // the attribute that is likely to come next
	for first := true; ; first = false {
		more, err := d.more(first, '}')
		if err != nil {
			return err
		}
		if !more {
			break
		}
		d.steps[top] = step{"", isMember}
		name, err := d.member()
		if err != nil {
			return err
		}
		i := next
		if i >= len(o.fields) || o.fields[i].name != string(name) {
			var ok bool
			if i, ok = o.byName[string(name)]; !ok {
				if err := d.skip(); err != nil {
					return err
				}
				continue
			}
		}
		next = i + 1
		f := o.fields[i]
		d.steps[top].name = f.name
		if len(d.missing) > 0 && read.has(i) {
			d.forget()
		}
		present, err := d.value(f.plan, v.Field(f.index))
		if err != nil {
			return err
		}
		read.set(i, present)
	}
	d.steps = d.steps[:top]
	d.finish(o, v, &read)
	return nil
}

// finish gives the attributes that were not read their defaults, and notes
// those that are missing.
func (d *decoder) finish(o *object, v reflect.Value, read *marks) {
	if !d.strict && !o.hasDefaults {
		return
	}
	for i, f := range o.fields {
		switch {
		case read.has(i):
		case f.hasDefault:
			f.setDefault(v.Field(f.index))
		case d.strict && f.isRequired():
			d.steps = append(d.steps, step{f.name, isMember})
			d.miss()
			d.steps = d.steps[:len(d.steps)-1]
		}
	}
}
