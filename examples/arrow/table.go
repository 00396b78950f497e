// Package arrow scores Apache Arrow record batches and Parquet files. Values
// are read where they lie: float64, int64, timestamps in microseconds, offsets
// of lists, codes of dictionaries and validity bitmaps are not copied.
package arrow

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"
	"unsafe"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/bitutil"
	"github.com/apache/arrow-go/v18/arrow/float16"

	"github.com/accountscore/accountscore"
)

// Table makes a table of a record batch. The columns are named as the fields
// are in the source; further columns are "id", "prev_tier", "refreshed.FIELD",
// and "contacts" and "activities", lists of structs: of a contact's id, fields
// and activities, and of an activity's type, at, value and fields. Columns that
// the ruleset does not know are passed over.
//
// The table reads the batch's memory: keep the batch until it has been scored.
// A column of a type that cannot be read is an error; one that does not fit its
// field is an error of [accountscore.Model.ScoreTable].
func Table(m *accountscore.Model, batch arrow.RecordBatch) (*accountscore.Table, error) {
	r := &reader{}
	t := accountscore.NewTable(int(batch.NumRows()))
	column := func(name string) arrow.Array {
		if i := batch.Schema().FieldIndices(name); len(i) > 0 {
			return batch.Column(i[0])
		}
		return nil
	}
	r.ids(t, column("id"))
	if c := column("prev_tier"); c != nil {
		t.PrevTiers(r.texts("prev_tier", c))
	}
	for f := range m.Fields() {
		r.field(t, f.Name, f.Key(), column(f.Key()))
		if c := column("refreshed." + f.Name); c != nil {
			t.Refreshed(f.Name, r.dates("refreshed."+f.Name, c))
		}
	}
	if c := column("activities"); c != nil {
		r.log(t, m.Activities(), c)
	}
	if c := column("contacts"); c != nil {
		offsets, people, child := r.structs("contacts", c)
		r.ids(people, child("id"))
		for _, f := range m.ContactFields() {
			r.field(people, f.Name, f.Key(), child(f.Key()))
		}
		if log := child("activities"); log != nil {
			r.log(people, m.Activities(), log)
		}
		t.Contacts(offsets, people)
	}
	return t, errors.Join(r.errs...)
}

// reader collects what cannot be read.
type reader struct{ errs []error }

func (r *reader) unfit(name string, c arrow.Array, wanted string) {
	r.errs = append(r.errs, fmt.Errorf("column %s: wanted %s, got %s", name, wanted, c.DataType()))
}

// ids names the rows by texts or by whole numbers.
func (r *reader) ids(t *accountscore.Table, c arrow.Array) {
	switch {
	case c == nil:
	case arrow.IsInteger(c.DataType().ID()):
		ids := make([]string, c.Len())
		for i := range ids {
			ids[i] = c.ValueStr(i)
		}
		t.IDs(ids)
	default:
		t.IDs(r.texts("id", c))
	}
}

// field adds the column of a field.
func (r *reader) field(t *accountscore.Table, name, key string, c arrow.Array) {
	if c == nil {
		return
	}
	known := validity(c)
	switch c := c.(type) {
	case *array.Float64:
		t.Float64s(name, c.Float64Values(), known)
	case *array.Float32:
		t.Float64s(name, converted(c.Float32Values(), func(v float32) float64 { return float64(v) }), known)
	case *array.Float16:
		t.Float64s(name, converted(c.Values(), func(v float16.Num) float64 { return float64(v.Float32()) }), known)
	case *array.Decimal32, *array.Decimal64, *array.Decimal128, *array.Decimal256:
		values, _ := decimals(c)
		t.Float64s(name, values, known)
	case *array.Int64:
		t.Int64s(name, c.Int64Values(), known)
	case *array.Int32:
		t.Int64s(name, widened(c.Int32Values()), known)
	case *array.Int16:
		t.Int64s(name, widened(c.Int16Values()), known)
	case *array.Int8:
		t.Int64s(name, widened(c.Int8Values()), known)
	case *array.Uint64:
		t.Int64s(name, converted(c.Uint64Values(), func(v uint64) int64 { return int64(min(v, math.MaxInt64)) }), known)
	case *array.Uint32:
		t.Int64s(name, widened(c.Uint32Values()), known)
	case *array.Uint16:
		t.Int64s(name, widened(c.Uint16Values()), known)
	case *array.Uint8:
		t.Int64s(name, widened(c.Uint8Values()), known)
	case *array.Boolean:
		values := make([]bool, c.Len())
		for i := range values {
			values[i] = c.Value(i)
		}
		t.Bools(name, values, known)
	case *array.Timestamp, *array.Date32, *array.Date64:
		t.Micros(name, r.micros(key, c), known)
	case *array.Dictionary:
		t.Dict(name, r.codes(key, c), r.texts(key, c.Dictionary()))
		t.Known(name, known)
	case *array.String, *array.LargeString, *array.StringView:
		t.Strings(name, r.texts(key, c), known)
	case *array.List, *array.LargeList, *array.FixedSizeList:
		offsets, items := r.items(key, c.(array.ListLike))
		t.Lists(name, offsets, items, known)
	case *array.Null: // as without a column
	default:
		r.unfit(key, c, "numbers, text, bools, times or a list of text: cast it to one of these, such as float64, utf8 or timestamp[us]")
	}
}

// validity gives the bitmap of the values that are not null, nil where all are.
func validity(c arrow.Array) accountscore.Bitmap {
	if c.NullN() == 0 {
		return nil
	}
	bits, offset := c.NullBitmapBytes(), c.Data().Offset()
	if offset%8 == 0 {
		return bits[offset/8:]
	}
	own := accountscore.NewBitmap(c.Len())
	bitutil.CopyBitmap(bits, offset, c.Len(), own, 0)
	return own
}

func converted[A, B any](values []A, f func(A) B) []B {
	out := make([]B, len(values))
	for i, v := range values {
		out[i] = f(v)
	}
	return out
}

func widened[A int8 | int16 | int32 | uint8 | uint16 | uint32](values []A) []int64 {
	return converted(values, func(v A) int64 { return int64(v) })
}

// texts gives the texts of an array; the bytes are not copied. A null is empty.
func (r *reader) texts(name string, c arrow.Array) []string {
	if d, ok := c.(*array.Dictionary); ok {
		values, codes := r.texts(name, d.Dictionary()), r.codes(name, d)
		out := make([]string, len(codes))
		for i, code := range codes {
			if d.IsValid(i) {
				out[i] = values[code]
			}
		}
		return out
	}
	text, ok := c.(interface{ Value(int) string })
	if !ok {
		r.unfit(name, c, "text")
		return nil
	}
	out := make([]string, c.Len())
	for i := range out {
		if c.IsValid(i) {
			out[i] = text.Value(i)
		}
	}
	return out
}

// codes gives the codes of a dictionary array.
func (r *reader) codes(name string, d *array.Dictionary) []int32 {
	switch c := d.Indices().(type) {
	case *array.Int32:
		return c.Int32Values()
	case *array.Int8:
		return converted(c.Int8Values(), func(v int8) int32 { return int32(v) })
	case *array.Int16:
		return converted(c.Int16Values(), func(v int16) int32 { return int32(v) })
	case *array.Uint8:
		return converted(c.Uint8Values(), func(v uint8) int32 { return int32(v) })
	case *array.Uint16:
		return converted(c.Uint16Values(), func(v uint16) int32 { return int32(v) })
	case *array.Uint32:
		return converted(c.Uint32Values(), func(v uint32) int32 { return int32(min(v, math.MaxInt32)) })
	}
	r.unfit(name, d, "a dictionary with codes of up to 32 bits")
	return nil
}

// micros gives the moments of an array in µs since 1970, UTC.
func (r *reader) micros(name string, c arrow.Array) []int64 {
	switch c := c.(type) {
	case *array.Timestamp:
		values := c.TimestampValues()
		unit := c.DataType().(*arrow.TimestampType).Unit
		switch unit {
		case arrow.Microsecond:
			return unsafe.Slice((*int64)(unsafe.Pointer(unsafe.SliceData(values))), len(values))
		case arrow.Nanosecond:
			return converted(values, func(v arrow.Timestamp) int64 { return floorDiv(int64(v), 1_000) })
		}
		return converted(values, func(v arrow.Timestamp) int64 {
			return times(int64(v), int64(unit.Multiplier()/time.Microsecond))
		})
	case *array.Date32:
		return converted(c.Date32Values(), func(v arrow.Date32) int64 { return times(int64(v), 86_400_000_000) })
	case *array.Date64:
		return converted(c.Date64Values(), func(v arrow.Date64) int64 { return times(int64(v), 1_000) })
	}
	r.unfit(name, c, "a timestamp or a date")
	return nil
}

func floorDiv(v, by int64) int64 {
	q := v / by
	if v%by < 0 {
		q--
	}
	return q
}

// times multiplies; what does not fit becomes a moment that no field can hold.
func times(v, by int64) int64 {
	if v > math.MaxInt64/by || v < math.MinInt64/by {
		return math.MaxInt64
	}
	return v * by
}

// dates gives times, zero where there is none.
func (r *reader) dates(name string, c arrow.Array) []time.Time {
	micros := r.micros(name, c)
	out := make([]time.Time, len(micros))
	for i, v := range micros {
		if c.IsValid(i) {
			out[i] = time.UnixMicro(v).UTC()
		}
	}
	return out
}

// items gives the offsets and the texts of a list of text. Null items are
// dropped.
func (r *reader) items(name string, c array.ListLike) ([]int32, []string) {
	values := c.ListValues()
	offsets, items := r.offsets(name, c), r.texts(name, values)
	if values.NullN() == 0 || len(items) < values.Len() {
		return offsets, items
	}
	kept := []int32{0}
	var texts []string
	for i := range c.Len() {
		for j := offsets[i]; j < offsets[i+1]; j++ {
			if values.IsValid(int(j)) {
				texts = append(texts, items[j])
			}
		}
		kept = append(kept, int32(len(texts)))
	}
	return kept, texts
}

// offsets gives the offsets of the rows of a list that may be a slice.
func (r *reader) offsets(name string, c array.ListLike) []int32 {
	if c.Len() == 0 {
		return []int32{0}
	}
	if list, ok := c.(*array.List); ok {
		from := list.Data().Offset()
		return list.Offsets()[from : from+list.Len()+1]
	}
	if _, end := c.ValueOffsets(c.Len() - 1); end > math.MaxInt32 {
		r.unfit(name, c, "lists of at most 2,147,483,647 items in all: use smaller batches")
		return make([]int32, c.Len()+1)
	}
	out := make([]int32, c.Len()+1)
	for i := range c.Len() {
		from, end := c.ValueOffsets(i)
		out[i], out[i+1] = int32(from), int32(end)
	}
	return out
}

// structs takes a list of structs apart: its offsets, a table of its items, and
// their members.
func (r *reader) structs(name string, c arrow.Array) ([]int32, *accountscore.Table, func(string) arrow.Array) {
	none := func(string) arrow.Array { return nil }
	list, ok := c.(array.ListLike)
	switch c.(type) {
	case *array.List, *array.LargeList, *array.FixedSizeList:
	default:
		ok = false
	}
	if !ok {
		r.unfit(name, c, "a list of structs")
		return nil, accountscore.NewTable(0), none
	}
	items, ok := list.ListValues().(*array.Struct)
	if !ok {
		r.unfit(name, c, "a list of structs")
		return nil, accountscore.NewTable(0), none
	}
	offsets := r.offsets(name, list)
	for i := range list.Len() {
		if list.IsNull(i) && offsets[i] != offsets[i+1] {
			r.errs = append(r.errs, fmt.Errorf("column %s: row %d is null but has items", name, i))
		}
	}
	if items.NullN() > 0 {
		r.errs = append(r.errs, fmt.Errorf("column %s: an item is null", name))
	}
	return offsets, accountscore.NewTable(items.Len()), func(member string) arrow.Array {
		if i, ok := items.DataType().(*arrow.StructType).FieldIdx(member); ok {
			return items.Field(i)
		}
		return nil
	}
}

// log adds activities to a table of accounts or contacts.
func (r *reader) log(t *accountscore.Table, types []accountscore.ActivityType, c arrow.Array) {
	offsets, fields, child := r.structs("activities", c)
	log := &accountscore.ActivityTable{Fields: fields}
	if typ := child("type"); typ != nil {
		log.Types, log.Names = r.types(typ)
	} else {
		r.unfit("activities", c, "a member type")
	}
	if at := child("at"); at != nil {
		log.At = orElse(at, r.micros("activities.at", at), math.MaxInt64)
	} else {
		r.unfit("activities", c, "a member at")
	}
	if v, ok := child("value").(*array.Float64); ok {
		log.Values = orElse(v, v.Float64Values(), 0)
	} else if v := child("value"); v != nil {
		if log.Values, ok = decimals(v); !ok {
			r.unfit("activities.value", v, "float64 or a decimal")
		}
	}
	for _, typ := range types {
		for _, f := range typ.Fields {
			r.field(fields, typ.Name+"."+f.Name, f.Key(), child(f.Key()))
		}
	}
	t.Activities(offsets, log)
}

// types gives the types of activities as codes and names.
func (r *reader) types(c arrow.Array) (codes []int32, names []string) {
	if d, ok := c.(*array.Dictionary); ok && d.NullN() == 0 {
		return r.codes("activities.type", d), r.texts("activities.type", d.Dictionary())
	}
	for _, name := range r.texts("activities.type", c) {
		code := slices.Index(names, name)
		if code < 0 {
			code = len(names)
			names = append(names, name)
		}
		codes = append(codes, int32(code))
	}
	return codes, names
}

// orElse puts a value in place of nulls, whose memory may hold anything.
func orElse[T any](c arrow.Array, values []T, null T) []T {
	if c.NullN() == 0 {
		return values
	}
	out := slices.Clone(values)
	for i := range out {
		if c.IsNull(i) {
			out[i] = null
		}
	}
	return out
}
