package tables

import (
	"bytes"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/dsl"
)

// column collects the values of one field.
type column struct {
	name string
	typ  dsl.Type
	rows int

	known, invalid accountscore.Bitmap
	nulls, wrong   int // rows without a bit in known, rows with one in invalid

	floats  []float64
	codes   []int32
	dict    dictionary
	bools   []bool
	micros  []int64
	offsets []int32
	items   []string
}

func newColumn(name string, typ dsl.Type) *column {
	c := &column{name: name, typ: typ}
	c.reset()
	return c
}

// reset forgets the rows and keeps the memory.
func (c *column) reset() {
	c.rows, c.nulls, c.wrong = 0, 0, 0
	c.known, c.invalid = c.known[:0], c.invalid[:0]
	c.floats, c.codes, c.bools, c.micros = c.floats[:0], c.codes[:0], c.bools[:0], c.micros[:0]
	c.offsets, c.items = append(c.offsets[:0], 0), c.items[:0]
	c.dict.reset()
}

// addTo hands the column over to a table.
func (c *column) addTo(t *accountscore.Table) {
	known := c.known
	if c.nulls == 0 {
		known = nil
	}
	switch c.typ {
	case dsl.NumberType:
		t.Float64s(c.name, c.floats, known)
	case dsl.TextType:
		t.Dict(c.name, c.codes, c.dict.values)
	case dsl.BoolType:
		t.Bools(c.name, c.bools, known)
	case dsl.TimeType:
		t.Micros(c.name, c.micros, known)
	case dsl.ListType:
		t.Lists(c.name, c.offsets, c.items, known)
	}
	if c.wrong > 0 {
		t.Invalid(c.name, c.invalid)
	}
}

// add adds a row of which only the type's own slice has been told so far.
func (c *column) add(known, invalid bool) {
	if c.rows%8 == 0 {
		c.known, c.invalid = append(c.known, 0), append(c.invalid, 0)
	}
	switch {
	case invalid:
		c.invalid.Set(c.rows)
		c.nulls++
		c.wrong++
	case known:
		c.known.Set(c.rows)
	default:
		c.nulls++
	}
	c.rows++
}

// missing adds a row without a value, or with one that cannot be used.
func (c *column) missing(invalid bool) {
	switch c.typ {
	case dsl.NumberType:
		c.floats = append(c.floats, 0)
	case dsl.TextType:
		c.codes = append(c.codes, -1)
	case dsl.BoolType:
		c.bools = append(c.bools, false)
	case dsl.TimeType:
		c.micros = append(c.micros, 0)
	case dsl.ListType:
		c.offsets = append(c.offsets, int32(len(c.items)))
	}
	c.add(false, invalid)
}

// number adds a number as it is written: whole numbers within 2^53, others
// with a point or an exponent.
func (c *column) number(text []byte) {
	f, ok := parseNumber(string(text))
	if !ok || c.typ != dsl.NumberType {
		c.missing(true)
		return
	}
	c.floats = append(c.floats, f)
	c.add(true, false)
}

const maxInteger = 1 << 53 // beyond it a float64 skips integers

func parseNumber(s string) (float64, bool) {
	if i, err := strconv.ParseInt(s, 10, 64); err == nil {
		return float64(i), i >= -maxInteger && i <= maxInteger
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil && strings.ContainsAny(s, ".eE") && math.Abs(f) <= maxInteger
}

func (c *column) bool(b bool) {
	if c.typ != dsl.BoolType {
		c.missing(true)
		return
	}
	c.bools = append(c.bools, b)
	c.add(true, false)
}

// text adds a text, which may be that of a time. A blank one is null.
func (c *column) text(text []byte) {
	switch {
	case len(bytes.TrimSpace(text)) == 0:
		c.missing(false)
	case c.typ == dsl.TextType:
		c.codes = append(c.codes, c.dict.code(text))
		c.add(true, false)
	case c.typ == dsl.TimeType:
		at, err := parseTime(string(text))
		if err != nil {
			c.missing(true)
			return
		}
		c.micros = append(c.micros, at.UnixMicro())
		c.add(true, false)
	default:
		c.missing(true)
	}
}

// item adds an item to the list of the row to come.
func (c *column) item(text []byte) { c.items = append(c.items, c.dict.values[c.dict.code(text)]) }

// list adds a row with the items that were added since the last.
func (c *column) list() {
	c.offsets = append(c.offsets, int32(len(c.items)))
	c.add(true, false)
}

// dropItems takes back the items that were added since the last row.
func (c *column) dropItems() { c.items = c.items[:c.offsets[len(c.offsets)-1]] }

// parseTime reads RFC 3339 or a plain date, which is its first instant in UTC.
func parseTime(s string) (time.Time, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		t, err = time.Parse(time.RFC3339, s)
	}
	return t, err
}

// dictionary gives each text of a column a code. It is kept from table to
// table: most columns of text say the same few things again and again.
type dictionary struct {
	codes  map[string]int32
	values []string
}

// maxKept is how many texts a dictionary takes over to the next table: more of
// them would cost more to look through than they save.
const maxKept = 1_024

func (d *dictionary) reset() {
	if d.codes == nil || len(d.values) > maxKept {
		d.codes, d.values = map[string]int32{}, nil
	}
}

func (d *dictionary) code(text []byte) int32 {
	code, ok := d.codes[string(text)]
	if !ok {
		s := string(text)
		code = int32(len(d.values))
		d.codes[s] = code
		d.values = append(d.values, s)
	}
	return code
}
