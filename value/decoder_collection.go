package value

import "reflect"

func (d *decoder) array(b byte, p *plan, v reflect.Value) error {
	if b != '[' {
		return d.want("an array")
	}
	if err := d.enter(); err != nil {
		return err
	}
	v.SetZero()
	top := len(d.steps)
	d.steps = append(d.steps, step{})
	for n := 0; ; n++ {
		more, err := d.more(n == 0, ']')
		if err != nil {
			return err
		}
		if !more {
			if n == 0 {
				v.Set(reflect.MakeSlice(p.typ, 0, 0))
			}
			d.steps = d.steps[:top]
			return nil
		}
		if n == v.Cap() {
			v.Grow(1)
		}
		v.SetLen(n + 1)
		d.steps[top] = step{"", n}
		present, err := d.value(p.elem, v.Index(n))
		if err != nil {
			return err
		}
		if !present {
			d.miss()
		}
	}
}

func (d *decoder) entries(b byte, p *plan, v reflect.Value) error {
	if b != '{' {
		return d.want("an object")
	}
	if err := d.enter(); err != nil {
		return err
	}
	m := reflect.MakeMap(p.typ)
	v.Set(m)
	key := reflect.New(p.key.typ).Elem()
	elem := reflect.New(p.elem.typ).Elem()
	top := len(d.steps)
	d.steps = append(d.steps, step{})
	for first := true; ; first = false {
		more, err := d.more(first, '}')
		if err != nil {
			return err
		}
		if !more {
			d.steps = d.steps[:top]
			return nil
		}
		d.steps[top] = step{"", isMember}
		name, err := d.member()
		if err != nil {
			return err
		}
		text := string(name)
		d.steps[top] = step{text, isKey}
		if err := p.key.parseText(text, key); err != nil {
			return d.fail("its key: " + err.Error())
		}
		if len(d.missing) > 0 && m.MapIndex(key).IsValid() {
			d.forget()
		}
		elem.SetZero()
		present, err := d.value(p.elem, elem)
		if err != nil {
			return err
		}
		if !present {
			d.miss()
		}
		m.SetMapIndex(key, elem)
	}
}
