package accountscore

import (
	"time"

	"github.com/accountscore/accountscore/internal/cond"
)

// column is the values of one field, in the one slice that its kind says.
type column struct {
	name    string
	kind    columnKind
	known   Bitmap // nil: all
	invalid Bitmap // nil: none
	floats  []float64
	ints    []int64 // and µs
	texts   []string
	codes   []int32 // into texts
	offsets []int32 // into texts
	bools   []bool
	times   []time.Time
}

type columnKind uint8

const (
	floatColumn columnKind = iota
	intColumn
	textColumn
	dictColumn
	boolColumn
	timeColumn
	microColumn
	listColumn
)

// columnMark says what is known of a column's values, or which cannot be used.
type columnMark struct {
	column  string
	rows    Bitmap
	invalid bool
}

// columnKinds says of each kind the type of fields that it fits, what sets it,
// and how many values it holds.
var columnKinds = [...]struct {
	typ    cond.Type
	setter string
	len    func(*column) int
}{
	floatColumn: {cond.Number, "Float64s", func(c *column) int { return len(c.floats) }},
	intColumn:   {cond.Number, "Int64s", func(c *column) int { return len(c.ints) }},
	textColumn:  {cond.Text, "Strings", func(c *column) int { return len(c.texts) }},
	dictColumn:  {cond.Text, "Dict", func(c *column) int { return len(c.codes) }},
	boolColumn:  {cond.Bool, "Bools", func(c *column) int { return len(c.bools) }},
	timeColumn:  {cond.Time, "Times", func(c *column) int { return len(c.times) }},
	microColumn: {cond.Time, "Micros", func(c *column) int { return len(c.ints) }},
	listColumn:  {cond.List, "Lists", func(c *column) int { return len(c.offsets) - 1 }},
}

// fill puts the value of a row into the slot of a field of the column's type.
// Of a known value only what its type reads is written. A nil column has no
// value.
func (c *column) fill(s *cond.Slot, row int) {
	state := cond.Known
	switch {
	case c == nil:
		state = cond.Unset
	case c.invalid != nil && c.invalid.Get(row):
		state = cond.Invalid
	case c.known != nil && !c.known.Get(row):
		state = cond.Null
	default:
		state = c.value(s, row)
	}
	if s.State = state; state.Missing() {
		*s = cond.Slot{State: state}
	}
}

// value reads the value of a row into what the slot has for its type.
func (c *column) value(s *cond.Slot, row int) cond.State {
	switch c.kind {
	case floatColumn:
		s.Num = c.floats[row]
		return number(s.Num, cond.Number).State
	case intColumn:
		s.Num = float64(c.ints[row])
		return integer(c.ints[row], cond.Number).State
	case textColumn:
		s.Text = c.texts[row]
		return text(s.Text, cond.Text).State
	case dictColumn:
		code := c.codes[row]
		if code < 0 {
			return cond.Null
		}
		if int(code) >= len(c.texts) {
			return cond.Invalid
		}
		s.Text = c.texts[code]
		return text(s.Text, cond.Text).State
	case boolColumn:
		s.Flag = c.bools[row]
	case timeColumn:
		when := moment(c.times[row])
		s.Time = when.Time
		return when.State
	case microColumn:
		s.Time = c.ints[row]
		return microState(s.Time)
	case listColumn:
		s.List = c.texts[c.offsets[row]:c.offsets[row+1]]
	}
	return cond.Known
}

// The first and the last moment that a field can hold, see moment.
const (
	firstMoment = firstSecond * 1_000_000
	lastMoment  = lastSecond*1_000_000 + 999_999
)

// microState tells whether µs since 1970 are a moment that a field can hold.
func microState(micros int64) cond.State {
	if micros < firstMoment || micros > lastMoment {
		return cond.Invalid
	}
	return cond.Known
}
