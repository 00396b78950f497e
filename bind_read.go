package accountscore

import (
	"encoding/json"
	"math"
	"time"
	"unsafe"

	"github.com/accountscore/accountscore/internal/cond"
)

// This file and table_add.go, which reads floats as their bits, use unsafe. Here
// members of a bound struct are read at offsets that Bind took from its
// reflect.Type. That is right because
//   - a place is made by [tagReader.place] alone, of the type that is read, so that an
//     offset is within the struct and the memory there is of the place's kind;
//   - named types have the memory of the types that they are made of, and a
//     slice of named strings that of a []string;
//   - pointers are only ever formed with unsafe.Add within one object, and
//     kept as pointers, so that the collector sees them.

// address is that of a struct or of a value in it.
type address = unsafe.Pointer

// addressOf gives a struct's.
func addressOf[T any](v *T) address { return address(v) }

// goKind is the memory that a place reads.
type goKind uint8

const (
	goNone goKind = iota // the struct lacks it
	goFloat64
	goFloat32
	goInt
	goInt8
	goInt16
	goInt32
	goInt64
	goUint
	goUint8
	goUint16
	goUint32
	goUint64
	goLastNumber = goUint64
)

const (
	goBool goKind = iota + goLastNumber + 1
	goString
	goStringTime // a string for a time field
	goJSONNumber
	goStrings
	goTime
	goRows // a slice of structs or of pointers to them
)

// memberPlace is where a struct holds one value.
type memberPlace struct {
	kind     goKind
	omitZero bool
	far      bool // more than an offset leads there
	nullable bool // a bool at valid tells whether there is a value
	pointers []uintptr
	valid    uintptr
	offset   uintptr
	size     uintptr // of one of the rows
	indirect bool    // the rows are pointers
}

// find gives the address of the value, nil where a pointer on the way is nil
// or the value is not valid.
func (p *memberPlace) find(v address) address {
	if p.far {
		for _, offset := range p.pointers {
			if v = *(*address)(unsafe.Add(v, offset)); v == nil {
				return nil
			}
		}
		if p.nullable && !*(*bool)(unsafe.Add(v, p.valid)) {
			return nil
		}
	}
	return unsafe.Add(v, p.offset)
}

// fill reads the value into a slot. Of a slot only the state and the one
// member that counts are written: the rest is never read.
func (p *memberPlace) fill(s *cond.Slot, v address) {
	if v = p.find(v); v == nil {
		s.State = cond.Null
		return
	}
	switch p.kind {
	case goNone:
		s.State = cond.Unset
	case goBool:
		s.State, s.Flag = cond.Known, *(*bool)(v)
		if p.omitZero && !s.Flag {
			s.State = cond.Null
		}
	case goString:
		s.State, s.Text = cond.Known, *(*string)(v)
		if blank(s.Text) {
			s.State = cond.Null
		}
	case goStringTime:
		*s = text(*(*string)(v), cond.Time)
	case goJSONNumber:
		*s = jsonNumber(*(*json.Number)(v), cond.Number)
		if p.omitZero && s.State == cond.Known && s.Num == 0 {
			s.State = cond.Null
		}
	case goStrings:
		s.State, s.List = cond.Known, *(*[]string)(v)
		if s.List == nil {
			s.State = cond.Null
		}
	case goTime:
		s.State = cond.Null
		if t := (*time.Time)(v); !t.IsZero() {
			s.Time, s.State = instant(*t)
		}
	default:
		switch f, ok := p.number(v); {
		case !ok:
			s.State = cond.Invalid
		case p.omitZero && f == 0:
			s.State = cond.Null
		default:
			s.State, s.Num = cond.Known, f
		}
	}
}

// number reads a number at its address, and tells whether it can be used.
func (p *memberPlace) number(v address) (f float64, ok bool) {
	var i int64
	switch p.kind {
	case goFloat64:
		f = *(*float64)(v)
		return f, math.Abs(f) <= maxInteger
	case goFloat32:
		f = float64(*(*float32)(v))
		return f, math.Abs(f) <= maxInteger
	case goInt:
		i = int64(*(*int)(v))
	case goInt8:
		i = int64(*(*int8)(v))
	case goInt16:
		i = int64(*(*int16)(v))
	case goInt32:
		i = int64(*(*int32)(v))
	case goInt64:
		i = *(*int64)(v)
	case goUint:
		i = int64(min(uint64(*(*uint)(v)), maxInteger+1))
	case goUint8:
		i = int64(*(*uint8)(v))
	case goUint16:
		i = int64(*(*uint16)(v))
	case goUint32:
		i = int64(*(*uint32)(v))
	case goUint64:
		i = int64(min(*(*uint64)(v), maxInteger+1))
	}
	return float64(i), i <= maxInteger && i >= -maxInteger
}

// quickly adds up what the members of a struct bring on the short way.
func quickly(members []quickMember, s *quickState, v address) {
	for i := range members {
		m := &members[i]
		p := unsafe.Add(v, m.offset)
		if m.behind {
			if p = *(*address)(p); p == nil {
				m.axis.add(&s.sums, 0)
				continue
			}
		}
		switch m.kind {
		case goFloat64:
			if x := *(*float64)(p); math.Abs(x) <= maxInteger {
				m.axis.addNumber(&s.sums, x)
				continue
			}
		case goInt:
			if x := int64(*(*int)(p)); x <= maxInteger && x >= -maxInteger {
				m.axis.addNumber(&s.sums, float64(x))
				continue
			}
		case goString:
			if x := *(*string)(p); blank(x) {
				m.axis.add(&s.sums, 0)
			} else {
				m.axis.addText(&s.sums, x)
			}
			continue
		case goBool:
			m.axis.add(&s.sums, knownClass+ordinal(*(*bool)(p)))
			continue
		case goTime:
			x := (*time.Time)(p)
			if x.IsZero() {
				m.axis.add(&s.sums, 0)
				continue
			}
			if when, state := instant(*x); state == cond.Known {
				m.axis.addMoment(&s.sums, when, s.now)
				continue
			}
		}
		m.slowly(s, v)
	}
}

// slowly adds up what a member brings by way of a slot.
func (m *quickMember) slowly(s *quickState, v address) {
	var slot cond.Slot
	refreshed := m.read(&slot, v)
	m.settle(s, &slot, refreshed)
}

// read fills a slot, and gives the date of the field's last refresh, zero for
// none.
func (m *quickMember) read(slot *cond.Slot, v address) time.Time {
	m.at.fill(slot, v)
	m.field.admit(slot)
	if !m.expires {
		return time.Time{}
	}
	return m.at.refreshed.time(v)
}

// text reads a string, empty where there is none.
func (p *memberPlace) text(v address) string {
	if p.kind == goNone {
		return ""
	}
	if v = p.find(v); v == nil {
		return ""
	}
	return *(*string)(v)
}

// time reads a time, zero where there is none.
func (p *memberPlace) time(v address) time.Time {
	if p.kind == goNone {
		return time.Time{}
	}
	if v = p.find(v); v == nil {
		return time.Time{}
	}
	return *(*time.Time)(v)
}

// memberRows is a slice of structs, or of pointers to them.
type memberRows struct {
	data     address
	len      int
	size     uintptr // of one
	indirect bool    // they are pointers
}

// rows reads a slice of structs.
func (p *memberPlace) rows(v address) memberRows {
	if p.kind == goNone {
		return memberRows{}
	}
	if v = p.find(v); v == nil {
		return memberRows{}
	}
	b := *(*[]byte)(v) // every slice begins with its data, then its length
	return memberRows{address(unsafe.SliceData(b)), len(b), p.size, p.indirect}
}

// at gives the i-th struct, nil for a nil pointer.
func (r *memberRows) at(i int) address {
	if r.indirect {
		return *(*address)(unsafe.Add(r.data, uintptr(i)*unsafe.Sizeof(r.data)))
	}
	return unsafe.Add(r.data, uintptr(i)*r.size)
}
