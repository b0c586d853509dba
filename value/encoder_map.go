package value

import (
	"cmp"
	"reflect"
	"slices"
)

// mapBuffer is what it takes to write a map in the order of its keys.
type mapBuffer struct {
	key     reflect.Value // of the map's key type, can be set
	values  reflect.Value // a slice of the map's element type, can be set
	entries []entry
}

// entry is the text of a key, and where its value is in values.
type entry struct {
	key   string
	index int
}

// maxEntries is the size of the largest buffer that is kept.
const maxEntries = 1024

func (p *plan) mapBuffer(n int) *mapBuffer {
	b, ok := p.buffers.Get().(*mapBuffer)
	if !ok {
		b = &mapBuffer{
			key:    reflect.New(p.key.typ).Elem(),
			values: reflect.New(reflect.SliceOf(p.elem.typ)).Elem(),
		}
	}
	b.values.Grow(n)
	b.values.SetLen(n)
	return b
}

// release keeps b for another map. It keeps nothing of the user's.
func (p *plan) release(b *mapBuffer) {
	if len(b.entries) > maxEntries {
		return
	}
	b.key.SetZero()
	b.values.Clear()
	b.values.SetLen(0)
	clear(b.entries)
	b.entries = b.entries[:0]
	p.buffers.Put(b)
}

func (p *plan) appendMap(dst []byte, v reflect.Value, depth int) (_ []byte, err error) {
	if v.Len() == 0 {
		return append(dst, "{}"...), nil
	}
	b := p.mapBuffer(v.Len())
	for i := v.MapRange(); i.Next(); {
		b.key.SetIterKey(i)
		n := len(b.entries)
		b.values.Index(n).SetIterValue(i)
		e := entry{index: n}
		if p.key.kind == KindString {
			e.key = b.key.String()
		} else {
			text, err := p.key.appendText(nil, b.key)
			if err != nil {
				return dst, err
			}
			e.key = string(text)
		}
		b.entries = append(b.entries, e)
	}
	slices.SortFunc(b.entries, func(a, b entry) int { return cmp.Compare(a.key, b.key) })
	separator := byte('{')
	for _, e := range b.entries {
		dst = append(dst, separator)
		separator = ','
		dst = appendString(dst, e.key)
		dst = append(dst, ':')
		if dst, err = p.elem.append(dst, b.values.Index(e.index), depth); err != nil {
			return dst, within(err, step{e.key, isKey})
		}
	}
	p.release(b)
	return append(dst, '}'), nil
}
