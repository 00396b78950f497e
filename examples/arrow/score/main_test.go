package main

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"
	"github.com/apache/arrow-go/v18/parquet"
	"github.com/apache/arrow-go/v18/parquet/file"
	"github.com/apache/arrow-go/v18/parquet/pqarrow"

	"github.com/accountscore/accountscore"
)

const fit = `
field employees number
field country   text
field plan      text one of [Free, Pro]
dimension size {
  employees >= 100 → +20
  employees → 0..50 over 1k-5k
}
dimension place {
  country in [US, DE] → +7
  plan = Pro → +10
}
tiers { top when score >= 30, low when score >= 10 }
`

var at = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

// account is the i-th of n. Values that cannot be used come in the second table
// and not before.
func account(i int) accountscore.Account {
	a := accountscore.Account{ID: fmt.Sprint("a", i), Fields: map[string]any{"country": []string{"US", "FR", "DE"}[i%3], "plan": "Pro"}}
	if i%5 != 0 {
		a.Fields["employees"] = float64(i % 6000)
	}
	if i > rows && i%7 == 0 {
		a.Fields["employees"], a.Fields["plan"] = math.Inf(1), "Gold"
	}
	return a
}

// batchOf makes a record batch of accounts.
func batchOf(n int) arrow.RecordBatch {
	ids, employees := array.NewStringBuilder(memory.DefaultAllocator), array.NewFloat64Builder(memory.DefaultAllocator)
	country, plan := array.NewStringBuilder(memory.DefaultAllocator), array.NewStringBuilder(memory.DefaultAllocator)
	for i := range n {
		a := account(i)
		ids.Append(a.ID)
		if v, ok := a.Fields["employees"].(float64); ok {
			employees.Append(v)
		} else {
			employees.AppendNull()
		}
		country.Append(a.Fields["country"].(string))
		plan.Append(a.Fields["plan"].(string))
	}
	text := arrow.BinaryTypes.String
	schema := arrow.NewSchema([]arrow.Field{{Name: "id", Type: text}, {Name: "employees", Type: arrow.PrimitiveTypes.Float64, Nullable: true}, {Name: "country", Type: text}, {Name: "plan", Type: text}}, nil)
	return array.NewRecordBatch(schema, []arrow.Array{ids.NewArray(), employees.NewArray(), country.NewArray(), plan.NewArray()}, int64(n))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func writeParquet(t *testing.T, name string, batch arrow.RecordBatch) {
	t.Helper()
	f, err := os.Create(name)
	must(t, err)
	w, err := pqarrow.NewFileWriter(batch.Schema(), f, parquet.NewWriterProperties(), pqarrow.DefaultWriterProps())
	must(t, err)
	must(t, w.Write(batch))
	must(t, w.Close())
}

func writeIPC(t *testing.T, name string, batch arrow.RecordBatch) {
	t.Helper()
	f, err := os.Create(name)
	must(t, err)
	defer f.Close()
	w, err := ipc.NewFileWriter(f, ipc.WithSchema(batch.Schema()))
	must(t, err)
	must(t, w.Write(batch))
	must(t, w.Close())
}

// checkScores holds a file of scores to those of the accounts, one by one.
func checkScores(t *testing.T, name string, n int) {
	t.Helper()
	rs, err := accountscore.Parse("fit.rules", []byte(fit))
	must(t, err)
	m := accountscore.MustCompile(rs)
	data, err := file.OpenParquetFile(name, false)
	must(t, err)
	defer data.Close()
	reader, err := pqarrow.NewFileReader(data, pqarrow.ArrowReadProperties{}, memory.DefaultAllocator)
	must(t, err)
	table, err := reader.ReadTable(t.Context())
	must(t, err)
	if int(table.NumRows()) != n {
		t.Fatalf("%d rows, want %d", table.NumRows(), n)
	}
	columns := array.NewTableReader(table, 0)
	row := 0
	for columns.Next() {
		batch := columns.RecordBatch()
		column := func(name string) arrow.Array { return batch.Column(batch.Schema().FieldIndices(name)[0]) }
		float := func(name string, i int) float64 { return column(name).(*array.Float64).Value(i) }
		for i := range int(batch.NumRows()) {
			r := m.Score(account(row), at)
			want := fmt.Sprintln(r.AccountID, r.Score, r.Low, r.High, r.Tier, r.TierCertain, r.Dimensions[0].Points, r.Dimensions[1].Points, r.Unknown, r.Invalid)
			got := fmt.Sprintln(column("id").ValueStr(i), float("score", i), float("low", i), float("high", i), column("tier").ValueStr(i), column("tier_certain").(*array.Boolean).Value(i),
				float("dimension.size", i), float("dimension.place", i), column("unknown").ValueStr(i), column("invalid").ValueStr(i))
			if want != got {
				t.Fatalf("row %d: want %sgot %s", row, want, got)
			}
			row++
		}
	}
	if row != n {
		t.Fatalf("%d rows, want %d", row, n)
	}
}

// TestScore scores Parquet and Arrow files of several tables, of a few rows and
// of none.
func TestScore(t *testing.T) {
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	must(t, os.WriteFile(path("fit.rules"), []byte(fit), 0o644))
	for _, n := range []int{0, 3, rows + 2_000} {
		batch := batchOf(n)
		writeParquet(t, path("in.parquet"), batch)
		writeIPC(t, path("in.arrow"), batch)
		for _, in := range []string{"in.parquet", "in.arrow"} {
			must(t, score(path("fit.rules"), path(in), path("out.parquet"), at))
			checkScores(t, path("out.parquet"), n)
		}
	}
}

// TestScoreFails where it should, and says why.
func TestScoreFails(t *testing.T) {
	dir := t.TempDir()
	path := func(name string) string { return filepath.Join(dir, name) }
	must(t, os.WriteFile(path("fit.rules"), []byte(fit), 0o644))
	must(t, os.WriteFile(path("wrong.rules"), []byte("employees gte"), 0o644))
	must(t, os.WriteFile(path("no.parquet"), []byte("no parquet"), 0o644))
	must(t, os.WriteFile(path("no.arrow"), []byte("no arrow"), 0o644))
	for _, args := range [][2]string{{"wrong.rules", "no.parquet"}, {"nowhere.rules", "no.parquet"}, {"fit.rules", "nowhere.parquet"}, {"fit.rules", "no.parquet"}, {"fit.rules", "no.arrow"}} {
		if err := score(path(args[0]), path(args[1]), path("out.parquet"), at); err == nil {
			t.Errorf("%q: want an error", args)
		}
	}
}

func TestMoment(t *testing.T) {
	for text, want := range map[string]time.Time{
		"2026-10-01":                time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC),
		"2026-10-01T02:00:00+02:00": time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC),
	} {
		got, err := parseMoment(text)
		must(t, err)
		if !got.Equal(want) {
			t.Errorf("%s: want %v, got %v", text, want, got)
		}
	}
	if _, err := parseMoment("01.10.2026"); err == nil {
		t.Error("no time is read")
	}
}
