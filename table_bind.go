package accountscore

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/accountscore/accountscore/internal/cond"
)

// ColumnError is one fault of a [Table].
type ColumnError struct {
	// Table is where the column stands: empty for the accounts' own table,
	// "contacts", "activities", or "contacts.activities".
	Table string
	// Column is the column's name, or the setter whose argument is at fault.
	Column string
	Wanted string
	Got    string
}

func (e *ColumnError) Error() string {
	var b strings.Builder
	b.WriteString("table")
	if e.Table != "" {
		b.WriteString(" " + e.Table)
	}
	if e.Column != "" {
		b.WriteString(": " + e.Column)
	}
	fmt.Fprintf(&b, ": wanted %s, got %s", e.Wanted, e.Got)
	return b.String()
}

// boundTable is a table whose columns have found the model's fields.
type boundTable struct {
	m        *Model
	t        *Table
	fields   []boundField // of the account, in the order of Model.read
	log      boundLog
	contacts []boundField // in the order of Model.readContact
	persons  *Table       // nil: none
	logs     boundLog     // of the contacts

	blockFields []blockField // fields, made ready for blocks
	crowd       *boundCrowd  // contacts, made ready for them
}

// prepare makes the table ready for blocks, and gives the way through its
// columns: nil where it must be gone through row by row.
func (b *boundTable) prepare(c *columnar, at int64) *columnar {
	if c.rollup != nil {
		if b.crowd = b.gather(c.rollup, at); b.crowd == nil {
			return nil
		}
	}
	b.blockFields = prepare(b.fields, c.lookups(), b.m.fields, b.t.n, at)
	return c
}

// boundField is a field with its column.
type boundField struct {
	slot      int
	column    *column // nil: none
	refreshed *column // nil: none, or of no consequence
}

// boundLog is the activities of accounts or of contacts.
type boundLog struct {
	offsets []int32 // nil: none
	*ActivityTable
	types  []int          // by code: the model's activity type, -1 for one that nothing reads
	fields [][]boundField // by the model's activity type
}

// binder binds a table and collects every fault.
type binder struct {
	m     *Model
	where string
	errs  []error
}

func (m *Model) bindTable(t *Table) (*boundTable, error) {
	b := &binder{m: m}
	if t == nil {
		b.fault("", "a table", "nil")
		return nil, errors.Join(b.errs...)
	}
	out := &boundTable{m: m, t: t}
	out.fields = b.fields(t, m.fields, m.read)
	out.log = b.log(t)
	if b.once(t, setContacts) {
		if t.contacts == nil {
			b.fault("Contacts", "a table", "nil")
		} else {
			b.offsets("Contacts", t.persons, t.n, t.contacts.n, "contacts")
			out.persons = t.contacts
			b.where = "contacts"
			out.contacts = b.fields(t.contacts, m.contactFields, m.readContact)
			b.part(t.contacts, setIDs, setActivities)
			out.logs = b.log(t.contacts)
		}
	}
	return out, errors.Join(b.errs...)
}

func (b *binder) fault(column, wanted, got string) {
	b.errs = append(b.errs, &ColumnError{Table: b.where, Column: column, Wanted: wanted, Got: got})
}

// part makes sure that a table that is a part of another has no more than that
// part can have.
func (b *binder) part(t *Table, allowed ...setter) {
	for _, s := range t.set {
		if !slices.Contains(allowed, s) {
			b.fault(string(s), "nothing: only accounts have them", "a column")
		}
	}
	for i := range t.refreshed {
		b.fault("Refreshed "+t.refreshed[i].name, "nothing: only accounts have them", "a column")
	}
}

// once tells whether a setter was called, and faults a second call.
func (b *binder) once(t *Table, s setter) bool {
	calls := 0
	for _, called := range t.set {
		if called == s {
			calls++
		}
	}
	if calls > 1 {
		b.fault(string(s), "one call", fmt.Sprint(calls))
	}
	return calls > 0
}

// fields finds the columns of the fields that the model reads, and checks all
// columns.
func (b *binder) fields(t *Table, fields []field, read []int) []boundField {
	if t.n < 0 || t.n > maxTableRows {
		b.fault("", fmt.Sprintf("from 0 to %d rows", maxTableRows), fmt.Sprint(t.n))
		return nil
	}
	if b.once(t, setIDs) {
		b.length("IDs", len(t.ids), t.n)
	}
	if b.once(t, setPrevTiers) {
		b.length("PrevTiers", len(t.prevTiers), t.n)
	}
	columns := b.columns(t, func(name string) []cond.Type {
		if i := fieldNamed(fields, name); i >= 0 {
			return []cond.Type{fields[i].typ}
		}
		b.unknown(name, fields)
		return nil
	})
	refreshed := map[string]*column{}
	for i := range t.refreshed {
		c := &t.refreshed[i]
		if fieldNamed(fields, c.name) < 0 {
			b.unknown("Refreshed "+c.name, fields)
		}
		if refreshed[c.name] != nil {
			b.fault("Refreshed "+c.name, "one column", "two")
		}
		b.length("Refreshed "+c.name, len(c.times), t.n)
		refreshed[c.name] = c
	}
	var out []boundField
	for _, slot := range read {
		f := &fields[slot]
		bound := boundField{slot: slot, column: columns[f.Name]}
		if f.ages() {
			bound.refreshed = refreshed[f.Name]
		}
		out = append(out, bound)
	}
	return out
}

func fieldNamed(fields []field, name string) int {
	return slices.IndexFunc(fields, func(f field) bool { return f.Name == name })
}

func (b *binder) unknown(column string, fields []field) {
	names := make([]string, len(fields))
	for i := range fields {
		names[i] = fields[i].Name
	}
	b.unknownOf(column, names)
}

// unknownOf faults a column that names no field.
func (b *binder) unknownOf(column string, names []string) {
	wanted := "a field of the ruleset, which has none here"
	if n := len(names); n > 0 {
		wanted = "a field of the ruleset: " + strings.Join(names[:min(n, 12)], ", ")
		if n > 12 {
			wanted += ", …"
		}
	}
	b.fault(column, wanted, "a name that it does not have")
}

// columns checks every column of a table, whose fields have the types that
// typesOf gives, and gives them by name with their marks.
func (b *binder) columns(t *Table, typesOf func(name string) []cond.Type) map[string]*column {
	out := make(map[string]*column, len(t.columns))
	var distinct []*column
	for i := range t.columns {
		c := t.columns[i]
		if out[c.name] != nil {
			b.fault(c.name, "one column", "two")
			continue
		}
		out[c.name] = &c
		distinct = append(distinct, &c)
		kind := &columnKinds[c.kind]
		for _, typ := range typesOf(c.name) {
			if typ != kind.typ {
				b.fault(c.name, fmt.Sprintf("a %v: %s", typ, settersOf(typ)), kind.setter)
			}
		}
		if c.kind == listColumn {
			b.offsets(c.name, c.offsets, t.n, len(c.texts), "items")
		} else {
			b.length(c.name, kind.len(&c), t.n)
		}
	}
	for _, m := range t.marks {
		c := out[m.column]
		switch {
		case c == nil:
			b.fault(m.column, "a column to mark", "none of the name")
		case m.invalid:
			c.invalid = m.rows
		default:
			c.known = m.rows
		}
	}
	for _, c := range distinct {
		b.bitmap(c.name, c.known, t.n)
		b.bitmap(c.name, c.invalid, t.n)
	}
	return out
}

// settersOf lists what sets a column for fields of a type.
func settersOf(typ cond.Type) string {
	var names []string
	for _, k := range columnKinds {
		if k.typ == typ {
			names = append(names, k.setter)
		}
	}
	return strings.Join(names, " or ")
}

// log finds the columns of the activities' fields.
func (b *binder) log(t *Table) boundLog {
	if !b.once(t, setActivities) {
		return boundLog{}
	}
	outer := b.where
	defer func() { b.where = outer }()
	b.where = strings.TrimPrefix(outer+".activities", ".")
	l := t.log
	if l == nil {
		b.fault("", "a table", "nil")
		return boundLog{}
	}
	n := len(l.At)
	b.offsets("offsets", t.events, t.n, n, "activities")
	b.length("Types", len(l.Types), n)
	if l.Values != nil {
		b.length("Values", len(l.Values), n)
	}
	out := boundLog{offsets: t.events, ActivityTable: l, types: make([]int, len(l.Names)), fields: make([][]boundField, len(b.m.activities))}
	for code, name := range l.Names {
		typ, ok := b.m.activityIndex[name]
		if !ok || !b.m.activities[typ].read {
			typ = -1
		}
		out.types[code] = typ
	}
	fields := l.Fields
	if fields == nil {
		fields = NewTable(n)
	}
	if fields.n != n {
		b.fault("Fields", counted(n, "row", "rows"), counted(fields.n, "row", "rows"))
	}
	b.part(fields)
	columns := b.columns(fields, b.activityTypes)
	for typ := range b.m.activities {
		a := &b.m.activities[typ]
		for slot := range a.fields {
			if !a.fields[slot].read {
				continue
			}
			column := columns[a.name+"."+a.fields[slot].Name]
			if column == nil {
				column = columns[a.fields[slot].Name]
			}
			out.fields[typ] = append(out.fields[typ], boundField{slot: slot, column: column})
		}
	}
	return out
}

// activityTypes gives the types of the fields that a column of activities
// stands for.
func (b *binder) activityTypes(name string) []cond.Type {
	var types []cond.Type
	var names []string
	for i := range b.m.activities {
		a := &b.m.activities[i]
		for j := range a.fields {
			full := a.name + "." + a.fields[j].Name
			if name == full || name == a.fields[j].Name {
				types = append(types, a.fields[j].typ)
			}
			names = append(names, full)
		}
	}
	if types == nil {
		b.unknownOf(name, names)
	}
	return types
}

func (b *binder) length(column string, got, want int) {
	if got != want {
		b.fault(column, counted(want, "value", "values"), fmt.Sprint(got))
	}
}

func (b *binder) bitmap(column string, rows Bitmap, n int) {
	if rows != nil && len(rows) < (n+7)/8 {
		b.fault(column, "a bitmap of "+counted(n, "row", "rows"), fmt.Sprint(8*len(rows)))
	}
}

// offsets makes sure that rows+1 offsets cut what they point into, n things.
func (b *binder) offsets(column string, offsets []int32, rows, n int, what string) {
	if len(offsets) != rows+1 {
		b.fault(column, counted(rows+1, "offset", "offsets"), fmt.Sprint(len(offsets)))
		return
	}
	last := int32(0)
	for i, o := range offsets {
		if o < last {
			b.fault(column, "offsets of zero or more that never fall", fmt.Sprintf("%d after %d at %d", o, last, i))
			return
		}
		last = o
	}
	if int64(last) > int64(n) {
		b.fault(column, fmt.Sprintf("offsets within %d %s", n, what), fmt.Sprint(last))
	}
}
