package arrow_test

import (
	"bytes"
	"context"
	"fmt"
	"log"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"github.com/accountscore/accountscore"
	arrowtable "github.com/accountscore/accountscore/examples/arrow"
)

const rules = `
field employees number from "Company Size" stale after 30d
field revenue   number
field seats     number
field country   text
field plan      text one of [Free, Pro]
field customer  bool
field stack     list
field funded    time
field founded   time
activity visit (page text), call (depth number)
dimension fit {
  employees >= 100 → +20
  revenue → 0..50 over 1M-5M
  seats > 5 → +3
  country in [US, DE] → +7
  plan = Pro → +10
  customer → -10
  stack has all [CRM, ERP] → +15
  funded within 30d → +5
  founded > 2020-01-01 → +11
  count(visit where page = "x") > 0 → +3 per sum(visit)
  count(call where depth > 2) > 0 → +9
}
dimension people from contacts {
  field role text
  field heat number
  score heat
  weight role { vp: 2, else: 1 }
}
tiers { top when score >= 30 hold 10, low when score >= 10 }
`

var at = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

func model(t testing.TB) *accountscore.Model {
	t.Helper()
	rs, err := accountscore.Parse("test.rules", []byte(rules))
	if err != nil {
		t.Fatal(err)
	}
	return accountscore.MustCompile(rs)
}

// accounts are those of the batch below, as maps.
func accounts() []accountscore.Account {
	day := func(s string) time.Time { d, _ := time.Parse(time.DateOnly, s); return d }
	visit := accountscore.Activity{Type: "visit", At: day("2026-10-20"), Value: 2, Fields: map[string]any{"page": "x"}}
	return []accountscore.Account{
		{ID: "a", PrevTier: "top", Fields: map[string]any{"Company Size": 150, "revenue": 2e6, "seats": 6, "country": "US", "plan": "Pro",
			"customer": true, "stack": []string{"CRM", "ERP"}, "funded": day("2026-10-20"), "founded": day("2021-01-01")},
			Refreshed: map[string]time.Time{"employees": day("2026-10-30")}},
		{ID: "b", Fields: map[string]any{"plan": "Gold", "customer": false, "stack": []string{}},
			Contacts: []accountscore.Contact{
				{ID: "ann", Fields: map[string]any{"role": "vp", "heat": 20.0}, Activities: []accountscore.Activity{visit}},
				{ID: "bob", Fields: map[string]any{"heat": 5.0}},
			},
			Activities: []accountscore.Activity{visit, {Type: "mail", At: day("2026-10-20")}, {Type: "call", At: day("2026-10-20"), Fields: map[string]any{"depth": 3}}}},
		{ID: "c", Fields: map[string]any{"Company Size": 99, "seats": 5, "country": "FR", "revenue": 6e6, "funded": day("2020-01-01"), "founded": day("2019-12-31")},
			Refreshed: map[string]time.Time{"employees": day("2026-01-01")}},
	}
}

const batchJSON = `[
{"id":"z","Company Size":1,"revenue":1,"seats":1,"country":"x","plan":"x","customer":true,"stack":["x"],"funded":"2026-10-31T00:00:00Z","founded":"2026-10-31","prev_tier":"x","refreshed.employees":"2026-10-31","notes":1,
 "contacts":[{"id":"x","role":"vp","heat":1,"activities":[]}],"activities":[{"type":"visit","at":"2026-10-20T00:00:00Z","value":1,"page":"y","depth":1}]},
{"id":"a","Company Size":150,"revenue":2000000,"seats":6,"country":"US","plan":"Pro","customer":true,"stack":["CRM",null,"ERP"],"funded":"2026-10-20T00:00:00Z","founded":"2021-01-01","prev_tier":"top","refreshed.employees":"2026-10-30","contacts":[],"activities":null},
{"id":"b","plan":"Gold","customer":false,"stack":[],
 "contacts":[{"id":"ann","role":"vp","heat":20,"activities":[{"type":"visit","at":"2026-10-20T00:00:00Z","value":2,"page":"x"}]},{"id":"bob","heat":5,"activities":[]}],
 "activities":[{"type":"visit","at":"2026-10-20T00:00:00Z","value":2,"page":"x"},{"type":"mail","at":"2026-10-20T00:00:00Z"},{"type":"call","at":"2026-10-20T00:00:00Z","depth":3}]},
{"id":"c","Company Size":99,"revenue":6000000,"seats":5,"country":"FR","funded":"2020-01-01T00:00:00Z","founded":"2019-12-31","refreshed.employees":"2026-01-01","contacts":null,"activities":[]}
]`

// types are the Arrow types of some columns.
type types struct {
	size, seats, country, plan, funded, founded arrow.DataType
}

func newBatch(t testing.TB, of types) arrow.RecordBatch {
	t.Helper()
	str, float := arrow.BinaryTypes.String, arrow.PrimitiveTypes.Float64
	log := arrow.ListOf(arrow.StructOf(arrow.Field{Name: "type", Type: of.plan, Nullable: true}, arrow.Field{Name: "at", Type: of.funded, Nullable: true},
		arrow.Field{Name: "value", Type: float, Nullable: true}, arrow.Field{Name: "page", Type: str, Nullable: true}, arrow.Field{Name: "depth", Type: of.seats, Nullable: true}))
	people := arrow.ListOf(arrow.StructOf(arrow.Field{Name: "id", Type: str, Nullable: true}, arrow.Field{Name: "role", Type: of.country, Nullable: true},
		arrow.Field{Name: "heat", Type: float, Nullable: true}, arrow.Field{Name: "activities", Type: log, Nullable: true}))
	var fields []arrow.Field
	for _, f := range []arrow.Field{
		{Name: "id", Type: str}, {Name: "Company Size", Type: of.size}, {Name: "revenue", Type: float}, {Name: "seats", Type: of.seats},
		{Name: "country", Type: of.country}, {Name: "plan", Type: of.plan}, {Name: "customer", Type: arrow.FixedWidthTypes.Boolean},
		{Name: "stack", Type: arrow.ListOf(str)}, {Name: "funded", Type: of.funded}, {Name: "founded", Type: of.founded},
		{Name: "prev_tier", Type: str}, {Name: "refreshed.employees", Type: arrow.FixedWidthTypes.Date32},
		{Name: "contacts", Type: people}, {Name: "activities", Type: log}, {Name: "notes", Type: arrow.PrimitiveTypes.Int8},
	} {
		f.Nullable = true
		fields = append(fields, f)
	}
	batch, _, err := array.RecordFromJSON(memory.DefaultAllocator, arrow.NewSchema(fields, nil), strings.NewReader(batchJSON))
	if err != nil {
		t.Fatal(err)
	}
	return batch.NewSlice(1, 4) // so that no offset is zero
}

func dict(index arrow.DataType) arrow.DataType {
	return &arrow.DictionaryType{IndexType: index, ValueType: arrow.BinaryTypes.String}
}

var plain = types{arrow.PrimitiveTypes.Float64, arrow.PrimitiveTypes.Int64, arrow.BinaryTypes.String, arrow.BinaryTypes.String,
	arrow.FixedWidthTypes.Timestamp_us, arrow.FixedWidthTypes.Date32}

func TestBatchEqualsAccounts(t *testing.T) {
	m := model(t)
	for name, of := range map[string]types{
		"plain": plain,
		"small": {arrow.PrimitiveTypes.Float32, arrow.PrimitiveTypes.Int8, arrow.BinaryTypes.LargeString, dict(arrow.PrimitiveTypes.Int32),
			arrow.FixedWidthTypes.Timestamp_ns, arrow.FixedWidthTypes.Date64},
		"unsigned": {arrow.PrimitiveTypes.Uint16, arrow.PrimitiveTypes.Uint64, dict(arrow.PrimitiveTypes.Uint8), dict(arrow.PrimitiveTypes.Int16),
			arrow.FixedWidthTypes.Timestamp_ms, arrow.FixedWidthTypes.Date32},
		"seconds": {arrow.PrimitiveTypes.Int32, arrow.PrimitiveTypes.Uint32, dict(arrow.PrimitiveTypes.Uint32), arrow.BinaryTypes.StringView,
			arrow.FixedWidthTypes.Timestamp_s, arrow.FixedWidthTypes.Date32},
		"decimals": {&arrow.Decimal128Type{Precision: 20, Scale: 2}, &arrow.Decimal256Type{Precision: 40, Scale: 0}, arrow.BinaryTypes.String, arrow.BinaryTypes.String,
			arrow.FixedWidthTypes.Timestamp_us, arrow.FixedWidthTypes.Date32},
		"halves": {arrow.FixedWidthTypes.Float16, &arrow.Decimal64Type{Precision: 10, Scale: 3}, arrow.BinaryTypes.String, arrow.BinaryTypes.String,
			arrow.FixedWidthTypes.Timestamp_us, arrow.FixedWidthTypes.Date32},
	} {
		t.Run(name, func(t *testing.T) { checkBatch(t, m, newBatch(t, of)) })
	}
}

func checkBatch(t *testing.T, m *accountscore.Model, batch arrow.RecordBatch) {
	t.Helper()
	table, err := arrowtable.Table(m, batch)
	if err != nil {
		t.Fatal(err)
	}
	scores, err := m.ScoreTable(t.Context(), table, at)
	if err != nil {
		t.Fatal(err)
	}
	for i, a := range accounts() {
		if want, got := m.Score(a, at), scores.Row(i); !reflect.DeepEqual(want, got) {
			t.Errorf("account %s\nwant %+v\ngot  %+v", a.ID, want, got)
		}
	}
}

func TestWrongTypes(t *testing.T) {
	m := model(t)
	schema := arrow.NewSchema([]arrow.Field{{Name: "id", Type: arrow.PrimitiveTypes.Int64}, {Name: "country", Type: arrow.BinaryTypes.Binary},
		{Name: "contacts", Type: arrow.ListOf(arrow.PrimitiveTypes.Int8)}, {Name: "plan", Type: arrow.Null}}, nil)
	batch, _, err := array.RecordFromJSON(memory.DefaultAllocator, schema, strings.NewReader(`[{"id":7,"country":"eA==","contacts":[1],"plan":null}]`))
	if err != nil {
		t.Fatal(err)
	}
	_, err = arrowtable.Table(m, batch)
	want := "column country: wanted numbers, text, bools, times or a list of text: cast it to one of these, such as float64, utf8 or timestamp[us], got binary\n" +
		"column contacts: wanted a list of structs, got list<item: int8, nullable>"
	if err == nil || err.Error() != want {
		t.Errorf("want %s\ngot  %v", want, err)
	}
}

// TestNothingIsCopied: a table of a million rows takes no memory of its own.
func TestNothingIsCopied(t *testing.T) {
	m := model(t)
	const n = 1 << 20
	floats := array.NewFloat64Builder(memory.DefaultAllocator)
	codes := array.NewInt32Builder(memory.DefaultAllocator)
	times := array.NewTimestampBuilder(memory.DefaultAllocator, arrow.FixedWidthTypes.Timestamp_us.(*arrow.TimestampType))
	for i := range n {
		floats.Append(float64(i))
		codes.Append(int32(i % 2))
		if i%3 == 0 {
			times.AppendNull()
		} else {
			times.Append(arrow.Timestamp(i))
		}
	}
	names := array.NewStringBuilder(memory.DefaultAllocator)
	names.AppendValues([]string{"US", "FR"}, nil)
	text := dict(arrow.PrimitiveTypes.Int32)
	batch := array.NewRecordBatch(arrow.NewSchema([]arrow.Field{{Name: "revenue", Type: arrow.PrimitiveTypes.Float64}, {Name: "country", Type: text}, {Name: "funded", Type: times.Type()}}, nil),
		[]arrow.Array{floats.NewArray(), array.NewDictionaryArray(text, codes.NewArray(), names.NewArray()), times.NewArray()}, n)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	table, err := arrowtable.Table(m, batch)
	runtime.ReadMemStats(&after)
	if err != nil || table.Len() != n {
		t.Fatal(err)
	}
	if more := after.TotalAlloc - before.TotalAlloc; more > 100_000 {
		t.Errorf("%d bytes for the table", more)
	}
}

func TestParquet(t *testing.T) {
	m := model(t)
	batch := newBatch(t, plain)
	var buf bytes.Buffer
	w, err := pqarrow.NewFileWriter(batch.Schema(), &buf, parquet.NewWriterProperties(), pqarrow.DefaultWriterProps())
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(batch); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for _, rows := range []int{1, 2, 100} {
		i := 0
		for table, err := range arrowtable.Parquet(t.Context(), m, bytes.NewReader(buf.Bytes()), rows) {
			if err != nil {
				t.Fatal(err)
			}
			scores, err := m.ScoreTable(t.Context(), table, at)
			if err != nil {
				t.Fatal(err)
			}
			for row := range scores.Len() {
				a := accounts()[i]
				if want, got := m.Score(a, at), scores.Row(row); !reflect.DeepEqual(want, got) {
					t.Errorf("account %s, %d rows a table\nwant %+v\ngot  %+v", a.ID, rows, want, got)
				}
				i++
			}
		}
		if i != 3 {
			t.Errorf("%d rows", i)
		}
	}
	for _, err := range arrowtable.Parquet(t.Context(), m, strings.NewReader("no parquet"), 10) {
		if err == nil {
			t.Error("want an error")
		}
	}
}

func ExampleTable() {
	rs, err := accountscore.Parse("fit.rules", []byte("employees gte 1000 → +50\ncountry in [US, UK] → +20\n"))
	if err != nil {
		log.Fatal(err)
	}
	m := accountscore.MustCompile(rs)
	schema := arrow.NewSchema([]arrow.Field{{Name: "id", Type: arrow.BinaryTypes.String},
		{Name: "employees", Type: arrow.PrimitiveTypes.Float64, Nullable: true}, {Name: "country", Type: arrow.BinaryTypes.String}}, nil)
	batch, _, err := array.RecordFromJSON(memory.DefaultAllocator, schema,
		strings.NewReader(`[{"id":"acme","employees":5000,"country":"US"},{"id":"bolt","employees":null,"country":"UK"}]`))
	if err != nil {
		log.Fatal(err)
	}
	table, err := arrowtable.Table(m, batch)
	if err != nil {
		log.Fatal(err)
	}
	scores, err := m.ScoreTable(context.Background(), table, time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		log.Fatal(err)
	}
	out := arrowtable.Scores(scores)
	for i, name := range []string{"id", "score", "high"} {
		fmt.Println(name, out.Column(out.Schema().FieldIndices(name)[0]), i)
	}
	// Output:
	// id ["acme" "bolt"] 0
	// score [70 20] 1
	// high [70 70] 2
}

// TestDecimals: each becomes the float that its digits are read as.
func TestDecimals(t *testing.T) {
	rs, err := accountscore.Parse("t.rules", []byte("field n number\nn = wanted → +1\nn is known → +2\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		typ  arrow.DataType
		text string
		want float64
	}{
		{&arrow.Decimal128Type{Precision: 38, Scale: 1}, "0.3", 0.3},
		{&arrow.Decimal128Type{Precision: 38, Scale: 2}, "-1234.56", -1234.56},
		{&arrow.Decimal128Type{Precision: 38, Scale: 30}, "12.345678901234567890123456789012", 12.345678901234567890123456789012},
		{&arrow.Decimal256Type{Precision: 76, Scale: 4}, "-7.0001", -7.0001},
		{&arrow.Decimal256Type{Precision: 76, Scale: 60}, "3.1", 3.1},
		{&arrow.Decimal64Type{Precision: 18, Scale: 3}, "0.007", 0.007},
		{&arrow.Decimal32Type{Precision: 9, Scale: 3}, "-0.007", -0.007},
		{&arrow.Decimal128Type{Precision: 20, Scale: -2}, "1200", 1200},
	} {
		m := accountscore.MustCompile(rs, accountscore.WithParam("wanted", c.want))
		batch, _, err := array.RecordFromJSON(memory.DefaultAllocator, arrow.NewSchema([]arrow.Field{{Name: "n", Type: c.typ, Nullable: true}}, nil),
			strings.NewReader(`[{"n":"`+c.text+`"},{"n":null}]`))
		if err != nil {
			t.Fatal(c.typ, err)
		}
		table, err := arrowtable.Table(m, batch)
		if err != nil {
			t.Fatal(c.typ, err)
		}
		scores, err := m.ScoreTable(t.Context(), table, at)
		if err != nil {
			t.Fatal(err)
		}
		for i, a := range []accountscore.Account{{Fields: map[string]any{"n": c.want}}, {Fields: map[string]any{"n": nil}}} {
			if want, got := m.Score(a, at), scores.Row(i); !reflect.DeepEqual(want, got) {
				t.Errorf("%v %s\nwant %+v\ngot  %+v", c.typ, c.text, want, got)
			} else if i == 0 && got.Score != 3 {
				t.Errorf("%v %s is not %v", c.typ, c.text, c.want)
			}
		}
	}
}

// TestLists reads lists of every form, sliced.
func TestLists(t *testing.T) {
	m := model(t)
	str := arrow.BinaryTypes.String
	visit := arrow.StructOf(arrow.Field{Name: "type", Type: str, Nullable: true}, arrow.Field{Name: "at", Type: arrow.FixedWidthTypes.Date32, Nullable: true},
		arrow.Field{Name: "value", Type: &arrow.Decimal128Type{Precision: 10, Scale: 1}, Nullable: true}, arrow.Field{Name: "page", Type: str, Nullable: true})
	for _, list := range []func(arrow.DataType) arrow.DataType{
		func(of arrow.DataType) arrow.DataType { return arrow.ListOf(of) },
		func(of arrow.DataType) arrow.DataType { return arrow.LargeListOf(of) },
		func(of arrow.DataType) arrow.DataType { return arrow.FixedSizeListOf(2, of) },
	} {
		schema := arrow.NewSchema([]arrow.Field{{Name: "id", Type: str}, {Name: "stack", Type: list(str), Nullable: true}, {Name: "activities", Type: list(visit)}}, nil)
		batch, _, err := array.RecordFromJSON(memory.DefaultAllocator, schema, strings.NewReader(`[
{"id":"z","stack":["x","y"],"activities":[{"type":"visit","at":"2026-10-01","value":"1.0","page":"y"},{"type":"visit","at":"2026-10-01","value":"1.0","page":"y"}]},
{"id":"a","stack":["CRM","ERP"],"activities":[{"type":"visit","at":"2026-10-20","value":"2.5","page":"x"},{"type":"mail","at":"2026-10-20","value":"1.0"}]},
{"id":"b","stack":null,"activities":[{"type":"visit","at":"2026-10-20","value":"1.0","page":"y"},{"type":"visit","at":"2026-10-21","value":"0.5","page":"x"}]}]`))
		if err != nil {
			t.Fatal(err)
		}
		table, err := arrowtable.Table(m, batch.NewSlice(1, 3))
		if err != nil {
			t.Fatal(err)
		}
		scores, err := m.ScoreTable(t.Context(), table, at)
		if err != nil {
			t.Fatal(err)
		}
		act := func(typ, day, page string, v float64) accountscore.Activity {
			d, _ := time.Parse(time.DateOnly, day)
			a := accountscore.Activity{Type: typ, At: d, Value: v}
			if page != "" {
				a.Fields = map[string]any{"page": page}
			}
			return a
		}
		for i, a := range []accountscore.Account{
			{ID: "a", Fields: map[string]any{"stack": []string{"CRM", "ERP"}}, Activities: []accountscore.Activity{act("visit", "2026-10-20", "x", 2.5), act("mail", "2026-10-20", "", 1)}},
			{ID: "b", Fields: map[string]any{"stack": nil}, Activities: []accountscore.Activity{act("visit", "2026-10-20", "y", 1), act("visit", "2026-10-21", "x", 0.5)}},
		} {
			if want, got := m.Score(a, at), scores.Row(i); !reflect.DeepEqual(want, got) {
				t.Errorf("%v\nwant %+v\ngot  %+v", schema.Field(1).Type, want, got)
			}
		}
	}
}
