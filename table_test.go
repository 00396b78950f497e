package accountscore

import (
	"context"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// checkTable holds the scores of a table equal to those of its accounts, one
// by one, in every column.
func checkTable(t testing.TB, r randomRules, accounts int) {
	m, src := randomModel(t, r)
	list := make([]Account, accounts)
	for i := range list {
		list[i] = r.account(r.IntN(2) == 0)
		list[i].ID = fmt.Sprint("a", i)
	}
	table := r.asTable(m, list)
	scores, err := m.ScoreTable(t.Context(), table, testMoment, Workers(1+r.IntN(3)))
	require.NoError(t, err, src)
	require.Equal(t, len(list), scores.Len())
	var got Result
	for i, a := range list {
		scores.RowInto(&got, i)
		if diff := cmp.Diff(m.Score(a, testMoment), got); diff != "" {
			t.Fatalf("-account +row:\n%s\n%s\n%+v", diff, src, a)
		}
	}
}

func TestTableEqualsAccounts(t *testing.T) {
	for seed := range uint64(150) {
		checkTable(t, newRandom(seed), 1+int(seed%40))
		checkTable(t, newWild(seed), 1+int(seed%40))
	}
	checkTable(t, newRandom(1), 3*blockRows+7)
}

func FuzzTable(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(seed, uint8(seed))
	}
	f.Fuzz(func(t *testing.T, seed uint64, accounts uint8) {
		checkTable(t, newRandom(seed), int(accounts))
		checkQuickRows(t, seed)
	})
}

const tableRules = `
field size     number  stale after 30d
field plan     text    one of [Free, Pro]
field funded   time
field customer bool
field stack    list
activity visit (page text, depth number), call (page number)
dimension fit out of 50 {
  size >= 100 → +20
  plan = Pro → +10
  funded within 30d → +5
  customer → -10
  stack contains "CRM" → +15
  count(visit where page = "x" and depth > 1) > 0 → +7
  count(call where page > 2) > 0 → +9
}
dimension people from contacts {
  field role text
  field heat number
  score heat
  weight role { vp: 2, else: 1 }
}
disqualify when plan = Free and size > 1000 "too large to be free"
tiers {
  top when score >= 30 hold 10
  low when score >= 10
}
`

// TestTableColumns: every kind of column, with what stands in it for missing
// and for wrong values.
func TestTableColumns(t *testing.T) {
	m := compile(t, tableRules)
	at := func(days int) time.Time { return testMoment.AddDate(0, 0, -days) }
	for _, tt := range []struct {
		name string
		set  func(*Table)
		want Account
	}{
		{"nothing", func(*Table) {}, Account{}},
		{"floats", func(t *Table) { t.Float64s("size", []float64{150}, nil) }, fieldsOf("size", 150)},
		{"not a number", func(t *Table) { t.Float64s("size", []float64{math.NaN()}, nil) }, fieldsOf("size", math.NaN())},
		{"infinite", func(t *Table) { t.Float64s("size", []float64{math.Inf(-1)}, nil) }, fieldsOf("size", math.Inf(-1))},
		{"too many digits", func(t *Table) { t.Int64s("size", []int64{1<<53 + 1}, nil) }, fieldsOf("size", int64(1<<53+1))},
		{"integers", func(t *Table) { t.Int64s("size", []int64{150}, Bitmap{1}) }, fieldsOf("size", 150)},
		{"null", func(t *Table) { t.Int64s("size", []int64{150}, Bitmap{0xfe}) }, fieldsOf("size", nil)},
		{"marked invalid", func(t *Table) { t.Int64s("size", []int64{150}, nil); t.Invalid("size", Bitmap{1}) }, fieldsOf("size", "many")},
		{"marked null", func(t *Table) { t.Int64s("size", []int64{150}, nil); t.Known("size", Bitmap{0}) }, fieldsOf("size", nil)},
		{"text", func(t *Table) { t.Strings("plan", []string{"Pro"}, nil) }, fieldsOf("plan", "Pro")},
		{"blank text", func(t *Table) { t.Strings("plan", []string{" \t"}, nil) }, fieldsOf("plan", " ")},
		{"not one of", func(t *Table) { t.Strings("plan", []string{"Gold"}, nil) }, fieldsOf("plan", "Gold")},
		{"dictionary", func(t *Table) { t.Dict("plan", []int32{1}, []string{"Free", "Pro"}) }, fieldsOf("plan", "Pro")},
		{"null code", func(t *Table) { t.Dict("plan", []int32{-7}, []string{"Free", "Pro"}) }, fieldsOf("plan", nil)},
		{"blank entry", func(t *Table) { t.Dict("plan", []int32{0}, []string{""}) }, fieldsOf("plan", "")},
		{"entry not one of", func(t *Table) { t.Dict("plan", []int32{0}, []string{"Gold"}) }, fieldsOf("plan", "Gold")},
		{"code beyond the entries", func(t *Table) { t.Dict("plan", []int32{2}, []string{"Free", "Pro"}) }, fieldsOf("plan", 7)},
		{"times", func(t *Table) { t.Times("funded", []time.Time{at(9)}, nil) }, fieldsOf("funded", at(9))},
		{"year 12000", func(t *Table) { t.Times("funded", []time.Time{at(-4_000_000)}, nil) }, fieldsOf("funded", at(-4_000_000))},
		{"micros", func(t *Table) { t.Micros("funded", []int64{at(9).UnixMicro()}, nil) }, fieldsOf("funded", at(9))},
		{"micros of year 12000", func(t *Table) { t.Micros("funded", []int64{at(-4_000_000).UnixMicro()}, nil) }, fieldsOf("funded", at(-4_000_000))},
		{"micros of no year", func(t *Table) { t.Micros("funded", []int64{math.MinInt64}, nil) }, fieldsOf("funded", 5)},
		{"bools", func(t *Table) { t.Bools("customer", []bool{true}, nil) }, fieldsOf("customer", true)},
		{"lists", func(t *Table) { t.Lists("stack", []int32{1, 3}, []string{"x", "CRM", "y", "z"}, nil) }, fieldsOf("stack", []string{"CRM", "y"})},
		{"empty list", func(t *Table) { t.Lists("stack", []int32{0, 0}, nil, nil) }, fieldsOf("stack", []string{})},
		{"stale", func(t *Table) {
			t.Float64s("size", []float64{150}, nil)
			t.Refreshed("size", []time.Time{at(40)})
		}, Account{Fields: map[string]any{"size": 150}, Refreshed: map[string]time.Time{"size": at(40)}}},
		{"held", func(t *Table) {
			t.Float64s("size", []float64{150}, nil)
			t.PrevTiers([]string{"top"})
		}, Account{Fields: map[string]any{"size": 150}, PrevTier: "top"}},
		{"disqualified", func(t *Table) {
			t.Float64s("size", []float64{1500}, nil)
			t.Strings("plan", []string{"Free"}, nil)
		}, fieldsOf("size", 1500, "plan", "Free")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			table := NewTable(1)
			table.IDs([]string{"a"})
			tt.set(table)
			scores, err := m.ScoreTable(t.Context(), table, testMoment)
			require.NoError(t, err)
			tt.want.ID = "a"
			assert.Equal(t, m.Score(tt.want, testMoment), scores.Row(0))
		})
	}
}

// fieldsOf makes an account of names and values.
func fieldsOf(pairs ...any) Account {
	a := Account{Fields: map[string]any{}}
	for i := 0; i < len(pairs); i += 2 {
		a.Fields[pairs[i].(string)] = pairs[i+1]
	}
	return a
}

// TestTableChildren: contacts and activities by offset, rows without any
// between rows that have some.
func TestTableChildren(t *testing.T) {
	m := compile(t, tableRules)
	at := testMoment.AddDate(0, 0, -3)
	visit := Activity{Type: "visit", At: at, Fields: map[string]any{"page": "x", "depth": 2}}
	call := Activity{Type: "call", At: at, Fields: map[string]any{"page": 5}}
	accounts := []Account{
		{ID: "none"},
		{ID: "both", Activities: []Activity{{Type: "mail", At: at}, visit, {Type: "visit"}, {Type: "visit", At: at, Value: math.NaN()}},
			Contacts: []Contact{
				{ID: "ann", Fields: map[string]any{"role": "vp", "heat": 20.0}, Activities: []Activity{call}},
				{ID: "bob", Fields: map[string]any{"heat": 200_000.0}},
			}},
		{ID: "empty"},
		{ID: "one", Contacts: []Contact{{ID: "cyd", Fields: map[string]any{"role": "ic", "heat": 12.5}, Activities: []Activity{visit}}}},
	}
	table := newRandom(1).asTable(m, accounts)
	scores, err := m.ScoreTable(t.Context(), table, testMoment)
	require.NoError(t, err)
	for i, a := range accounts {
		assert.Equal(t, m.Score(a, testMoment), scores.Row(i))
	}
	assert.Equal(t, []int32{0, 2, 0, 1}, scores.Contacts)
	assert.Equal(t, []int32{0, 3, 0, 0}, scores.Invalid, "a zero date, a value that is no number, a contact's score beyond the bound")
}

// TestTablePlainNamesOfActivityFields: a column without a type's name stands
// for the field of every type that has it.
func TestTablePlainNamesOfActivityFields(t *testing.T) {
	m := compile(t, "activity visit (page text), form (page text)\ncount(visit where page = \"x\") > 0 → +1\ncount(form where page = \"x\") > 0 → +2\n")
	fields := NewTable(2)
	fields.Strings("page", []string{"x", "x"}, nil)
	log := &ActivityTable{Types: []int32{0, 1}, Names: []string{"visit", "form"}, At: []int64{testMoment.UnixMicro(), testMoment.UnixMicro()}, Fields: fields}
	score := func() float64 {
		table := NewTable(1)
		table.Activities([]int32{0, 2}, log)
		scores, err := m.ScoreTable(t.Context(), table, testMoment)
		require.NoError(t, err)
		return scores.Score[0]
	}
	assert.Equal(t, 3.0, score())
	fields.Strings("form.page", []string{"x", "y"}, nil)
	assert.Equal(t, 1.0, score(), "the type's own column is preferred")
	log.Types[0] = 9
	assert.Equal(t, 0.0, score(), "a type beyond the names")
}

// TestTableErrors: every fault at once, and no panic.
func TestTableErrors(t *testing.T) {
	m := compile(t, tableRules)
	contacts := NewTable(3)
	contacts.Strings("seniority", []string{"vp", "vp", "ic"}, nil)
	contacts.Strings("heat", []string{"1", "2", "3"}, nil)
	contacts.PrevTiers([]string{"", "", ""})
	contacts.Activities([]int32{0, 1, 1, 1}, &ActivityTable{At: []int64{1}})
	fields := NewTable(1)
	fields.Strings("page", []string{"x"}, nil)
	fields.Strings("visit.pag", []string{"x"}, nil)

	table := NewTable(2)
	table.IDs([]string{"a"})
	table.Float64s("size", []float64{1, 2, 3}, nil)
	table.Strings("funded", []string{"", ""}, nil)
	table.Bools("customer", []bool{true, true}, Bitmap{})
	table.Bools("customer", []bool{true, true}, nil)
	table.Strings("industri", []string{"", ""}, nil)
	table.Lists("stack", []int32{0, 2, 1}, []string{"a", "b"}, nil)
	table.Known("size", Bitmap{})
	table.Invalid("plan", Bitmap{0})
	table.Refreshed("siz", make([]time.Time, 2))
	table.Refreshed("size", nil)
	table.PrevTiers(nil)
	table.PrevTiers(nil)
	table.Contacts([]int32{0, 1, 4}, contacts)
	table.Activities([]int32{0, 1}, &ActivityTable{Types: []int32{0}, At: []int64{1}, Values: []float64{1, 2}, Fields: fields})
	scores, err := m.ScoreTable(t.Context(), table, testMoment)
	require.Nil(t, scores)
	var got []string
	for _, e := range err.(interface{ Unwrap() []error }).Unwrap() {
		require.IsType(t, &ColumnError{}, e)
		got = append(got, e.Error())
	}
	assert.Equal(t, []string{
		`table: IDs: wanted 2 values, got 1`,
		`table: PrevTiers: wanted one call, got 2`,
		`table: PrevTiers: wanted 2 values, got 0`,
		`table: size: wanted 2 values, got 3`,
		`table: funded: wanted a time: Times or Micros, got Strings`,
		`table: customer: wanted one column, got two`,
		`table: industri: wanted a field of the ruleset: size, plan, funded, customer, stack, got a name that it does not have`,
		`table: stack: wanted offsets of zero or more that never fall, got 1 after 2 at 2`,
		`table: plan: wanted a column to mark, got none of the name`,
		`table: size: wanted a bitmap of 2 rows, got 0`,
		`table: customer: wanted a bitmap of 2 rows, got 0`,
		`table: Refreshed siz: wanted a field of the ruleset: size, plan, funded, customer, stack, got a name that it does not have`,
		`table: Refreshed size: wanted 2 values, got 0`,
		`table activities: offsets: wanted 3 offsets, got 2`,
		`table activities: Values: wanted 1 value, got 2`,
		`table activities: page: wanted a number: Float64s or Int64s, got Strings`,
		`table activities: visit.pag: wanted a field of the ruleset: visit.page, visit.depth, call.page, got a name that it does not have`,
		`table: Contacts: wanted offsets within 3 contacts, got 4`,
		`table contacts: seniority: wanted a field of the ruleset: role, heat, got a name that it does not have`,
		`table contacts: heat: wanted a number: Float64s or Int64s, got Strings`,
		`table contacts: PrevTiers: wanted nothing: only accounts have them, got a column`,
		`table contacts.activities: Types: wanted 1 value, got 0`,
	}, got)

	for _, bad := range []*Table{nil, NewTable(-1), NewTable(math.MaxInt)} {
		_, err := m.ScoreTable(t.Context(), bad, testMoment)
		var fault *ColumnError
		assert.ErrorAs(t, err, &fault)
	}
	table = NewTable(1)
	table.Contacts(nil, nil)
	table.Activities(nil, nil)
	_, err = m.ScoreTable(t.Context(), table, testMoment)
	assert.ErrorContains(t, err, "table: Contacts: wanted a table, got nil")
	assert.ErrorContains(t, err, "table activities: wanted a table, got nil")
}

// TestTableStops: a cancelled context ends the scoring within a few rows.
func TestTableStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	rows := 0
	m := compile(t, "field n number\nfield s text\nstop(n) > 0 → +1\n", WithFunc("stop", func(n float64) float64 {
		if rows++; rows == 100 {
			cancel()
		}
		return n
	}))
	table := NewTable(1_000_000)
	table.Float64s("n", make([]float64, table.Len()), nil)
	scores, err := m.ScoreTable(ctx, table, testMoment, Workers(1))
	assert.ErrorIs(t, err, context.Canceled)
	assert.Nil(t, scores)
	assert.Less(t, rows, 100+2*lookUp)
}

// TestTableStopsAmongContacts: so it does where accounts have many contacts.
func TestTableStopsAmongContacts(t *testing.T) {
	m := compile(t, "dimension people from contacts {\nfield lead_score number\nscore lead_score\n}\n")
	require.NotNil(t, m.columns())
	contacts := NewTable(4_000_000)
	contacts.Float64s("lead_score", make([]float64, contacts.Len()), nil)
	table := NewTable(4)
	table.Contacts([]int32{0, 1_000_000, 2_000_000, 3_000_000, 4_000_000}, contacts)
	ctx := &countingContext{Context: t.Context(), most: 5}
	scores, err := m.ScoreTable(ctx, table, testMoment, Workers(1))
	assert.ErrorIs(t, err, context.Canceled)
	assert.Nil(t, scores)
	assert.Less(t, ctx.asked, 10)
}

// countingContext is cancelled once it was asked so often.
type countingContext struct {
	context.Context
	asked, most int
}

func (c *countingContext) Err() error {
	if c.asked++; c.asked > c.most {
		return context.Canceled
	}
	return nil
}

func TestTableInto(t *testing.T) {
	m := compile(t, tableRules)
	var kept Scores
	for _, n := range []int{50, 7, 0, 300} {
		r := newRandom(uint64(n))
		list := make([]Account, n)
		for i := range list {
			list[i] = fieldsOf("size", r.IntN(300), "plan", r.of("Free", "Pro"))
		}
		table := r.asTable(m, list)
		want, err := m.ScoreTable(t.Context(), table, testMoment)
		require.NoError(t, err)
		got, err := m.ScoreTable(t.Context(), table, testMoment, Into(&kept), Workers(2))
		require.NoError(t, err)
		require.Same(t, &kept, got)
		require.Equal(t, want.Len(), got.Len())
		for i := range n {
			require.Equal(t, want.Row(i), got.Row(i))
		}
	}
	other := compile(t, "field size number\nsize > 5 → +1")
	table := NewTable(1)
	table.Float64s("size", []float64{9}, nil)
	got, err := other.ScoreTable(t.Context(), table, testMoment, Into(&kept))
	require.NoError(t, err)
	assert.Equal(t, other.Score(fieldsOf("size", 9), testMoment), got.Row(0))
}

func TestTableAllocatesNothingPerRow(t *testing.T) {
	m := compile(t, tableRules)
	var kept Scores
	allocs := func(n int) float64 {
		r := newRandom(3)
		list := make([]Account, n)
		for i := range list {
			list[i] = fieldsOf("size", r.IntN(300), "plan", r.of("Free", "Pro"))
			list[i].Contacts = []Contact{{Fields: map[string]any{"role": "vp", "heat": 20}}}
			list[i].Activities = []Activity{{Type: "visit", At: testMoment}}
		}
		table := r.asTable(m, list)
		return testing.AllocsPerRun(5, func() {
			_, err := m.ScoreTable(t.Context(), table, testMoment, Into(&kept), Workers(1))
			require.NoError(t, err)
		})
	}
	few := allocs(100)
	assert.InDelta(t, few, allocs(5_000), few/2, "the rows allocate")
}

func TestScoresFind(t *testing.T) {
	m := compile(t, tableRules)
	scores, err := m.ScoreTable(t.Context(), NewTable(2), testMoment)
	require.NoError(t, err)
	d, ok := scores.Dimension("fit")
	assert.True(t, ok)
	assert.Equal(t, 100.0, d.Max)
	_, ok = scores.Dimension("nothing")
	assert.False(t, ok)
	assert.Equal(t, []string{"top", "low", "disqualified", ""}, scores.Tier.Names)
	assert.Equal(t, "", scores.Tier.At(1))
}

// TestNoRules: a model without a rule is scored in every way.
func TestNoRules(t *testing.T) {
	for _, src := range []string{"# nothing\n", "tiers {\n  a when score >= 0 play \"call\"\n  b otherwise\n}\n", "tiers {\n  a otherwise\n}\n", "disqualify when n > 3\n"} {
		m := &Model{}
		if src[0] != '#' {
			m = compile(t, src)
		}
		type row struct {
			ID string `score:",id"`
		}
		scorer, err := Bind[row](m)
		require.NoError(t, err, src)
		table := NewTable(2)
		table.IDs([]string{"a", "b"})
		for range 2 { // of which the first prepares the model
			scores, err := m.ScoreTable(t.Context(), table, testMoment)
			require.NoError(t, err, src)
			want := m.Score(Account{ID: "b"}, testMoment)
			assert.Equal(t, want, scores.Row(1), src)
			assert.Equal(t, want, m.Track(Account{ID: "b"}, testMoment).Result(), src)
			assert.Equal(t, want, scorer.Score(&row{"b"}, testMoment), src)
			assert.Equal(t, want, m.Explain(Account{ID: "b"}, testMoment).Result, src)
		}
	}
}

// TestTableOffsetsFromAnywhere: rows before the first offset are nobody's.
func TestTableOffsetsFromAnywhere(t *testing.T) {
	m := compile(t, "dimension people from contacts {\n field heat number\n score heat\n}\n")
	table, people := NewTable(2), NewTable(4)
	people.Float64s("heat", []float64{90, 10, 20, 90}, nil)
	table.Contacts([]int32{1, 2, 3}, people)
	scores, err := m.ScoreTable(t.Context(), table, testMoment)
	require.NoError(t, err)
	for i, heat := range []float64{10, 20} {
		want := m.Score(Account{Contacts: []Contact{{Fields: map[string]any{"heat": heat}}}}, testMoment)
		assert.Equal(t, want, scores.Row(i))
	}
}
