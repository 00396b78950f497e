package accountscore

import (
	"math"
	"time"
)

// Table is a batch of accounts by columns, for [Model.ScoreTable]. A column is
// named after a field of the ruleset; a field without a column is unset in
// every row. Where a column's known bitmap has no bit, the value is null; a nil
// bitmap means that all are known. Blank text is null too.
//
// The setters keep what they are given, without a copy, and cannot fail: what
// does not fit is an error of ScoreTable. Nothing may change while a table is
// scored; many goroutines may score one table.
type Table struct {
	n         int
	columns   []column
	refreshed []column
	marks     []columnMark
	ids       []string
	prevTiers []string
	persons   []int32 // offsets into contacts
	contacts  *Table
	events    []int32 // offsets into log
	log       *ActivityTable
	set       []setter // what was called that is no column
}

// setter is a setter that makes no column.
type setter string

const (
	setIDs        setter = "IDs"
	setPrevTiers  setter = "PrevTiers"
	setContacts   setter = "Contacts"
	setActivities setter = "Activities"
)

// Bitmap marks rows: bit i%8 of byte i/8 is row i, as in Apache Arrow.
type Bitmap []byte

// NewBitmap makes a bitmap of n rows, none marked.
func NewBitmap(n int) Bitmap { return make(Bitmap, max(n, 0)/8+ordinal(n > 0 && n%8 > 0)) }

// Get tells whether row i is marked.
func (b Bitmap) Get(i int) bool { return b[i>>3]&(1<<(i&7)) != 0 }

// Set marks row i.
func (b Bitmap) Set(i int) { b[i>>3] |= 1 << (i & 7) }

func (b Bitmap) put(i int, marked bool) {
	b[i>>3] = b[i>>3]&^(1<<(i&7)) | byte(ordinal(marked))<<(i&7)
}

// maxTableRows is how many rows a table can have, as offsets count in 32 bits.
const maxTableRows = math.MaxInt32

// NewTable makes a table of n rows without columns; n is at most 2^31 − 1.
func NewTable(n int) *Table { return &Table{n: n} }

// Len gives the number of rows.
func (t *Table) Len() int { return t.n }

// IDs names the rows. Those of contacts break ties between equal scores.
func (t *Table) IDs(ids []string) {
	t.ids, t.set = ids, append(t.set, setIDs)
}

// Float64s sets a field of numbers. What is not finite is invalid, as it is in
// an [Account].
func (t *Table) Float64s(name string, values []float64, known Bitmap) {
	t.add(column{name: name, kind: floatColumn, floats: values, known: known})
}

// Int64s sets a field of numbers. What lies beyond ±2^53 is invalid.
func (t *Table) Int64s(name string, values []int64, known Bitmap) {
	t.add(column{name: name, kind: intColumn, ints: values, known: known})
}

// Strings sets a field of text.
func (t *Table) Strings(name string, values []string, known Bitmap) {
	t.add(column{name: name, kind: textColumn, texts: values, known: known})
}

// Dict sets a field of text whose values stand once each: row i has the value
// values[codes[i]]. A negative code is null, and one beyond the values invalid.
// Conditions on the text are evaluated once a value instead of once a row.
func (t *Table) Dict(name string, codes []int32, values []string) {
	t.add(column{name: name, kind: dictColumn, codes: codes, texts: values})
}

// Bools sets a field of true or false.
func (t *Table) Bools(name string, values []bool, known Bitmap) {
	t.add(column{name: name, kind: boolColumn, bools: values, known: known})
}

// Times sets a field of times.
func (t *Table) Times(name string, values []time.Time, known Bitmap) {
	t.add(column{name: name, kind: timeColumn, times: values, known: known})
}

// Micros sets a field of times, in microseconds since 1970, UTC. It takes a
// third of the memory of [Table.Times].
func (t *Table) Micros(name string, values []int64, known Bitmap) {
	t.add(column{name: name, kind: microColumn, ints: values, known: known})
}

// Lists sets a field of lists: row i has items[offsets[i]:offsets[i+1]], so
// that there is one offset more than there are rows. A row without items is a
// list that is known and empty, where a nil slice in an [Account] or a struct
// is null: say so with known.
func (t *Table) Lists(name string, offsets []int32, items []string, known Bitmap) {
	t.add(column{name: name, kind: listColumn, offsets: offsets, texts: items, known: known})
}

// Known says which values of a column are known, in place of what its setter
// said.
func (t *Table) Known(name string, rows Bitmap) {
	t.marks = append(t.marks, columnMark{name, rows, false})
}

// Invalid says which values of a column cannot be used, for what a typed column
// has no room for: the text "many" in a field of numbers. They are missing, and
// counted in [Result.Invalid].
func (t *Table) Invalid(name string, rows Bitmap) {
	t.marks = append(t.marks, columnMark{name, rows, true})
}

// Refreshed says when each row's value of a field was last enriched; a zero
// time says nothing. Without it nothing of the field is stale.
func (t *Table) Refreshed(name string, times []time.Time) {
	t.refreshed = append(t.refreshed, column{name: name, kind: timeColumn, times: times})
}

// PrevTiers sets the tiers that the accounts had before, for a tier's hold.
func (t *Table) PrevTiers(tiers []string) {
	t.prevTiers, t.set = tiers, append(t.set, setPrevTiers)
}

// Contacts gives each account its contacts: account i has the rows offsets[i]
// to offsets[i+1]−1 of the table of contacts, so that there is one offset more
// than there are accounts. The first need not be zero: rows before it and after
// the last are nobody's.
func (t *Table) Contacts(offsets []int32, contacts *Table) {
	t.persons, t.contacts, t.set = offsets, contacts, append(t.set, setContacts)
}

// ActivityTable is a log of activities by columns. Each slice but Names has an
// item for each activity; Values and Fields may be absent.
type ActivityTable struct {
	// Types are the types of the activities as indexes of Names. Types that the
	// ruleset does not declare are passed over, as they are in an [Account]; an
	// index that is none of Names counts as Invalid.
	Types []int32
	Names []string
	// At says when, in microseconds since 1970, UTC.
	At []int64
	// Values are what sum and "per value" read.
	Values []float64
	// Fields has the columns that filters read: "page" is the field page of
	// every type that has one, "visit.page" that of visits alone.
	Fields *Table
}

// Activities gives each account, or each contact of a table of contacts, its
// log: row i has the activities offsets[i] to offsets[i+1]−1.
func (t *Table) Activities(offsets []int32, log *ActivityTable) {
	t.events, t.log, t.set = offsets, log, append(t.set, setActivities)
}

func (t *Table) add(c column) { t.columns = append(t.columns, c) }
