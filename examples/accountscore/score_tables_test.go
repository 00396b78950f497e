package main

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// ranAs runs score by one of its ways, and counts the accounts that went
// through tables.
func ranAs(dir string, stdin io.Reader, byAccount bool, args ...string) (r ran, tabled int) {
	var out, errs bytes.Buffer
	way := func(s *scoring) error {
		if byAccount {
			if err := s.each(s.in.each); err != nil {
				return err
			}
			return s.in.failed
		}
		s.chunkRows = 64
		err := s.all()
		tabled = s.tabledRows
		return err
	}
	for i, arg := range args {
		if strings.Contains(arg, ".") {
			args[i] = filepath.Join(dir, arg)
		}
	}
	v := verb{name: "score", run: func(c *command, args []string) error { return c.scoreBy(args, way) }}
	r.code = runVerb(v, append([]string{"-at", "2026-11-01"}, args...), stdin, &out, &errs)
	r.out, r.err = out.String(), errs.String()
	return r, tabled
}

// sameBothWays holds what score prints to what it prints account by account.
func sameBothWays(t *testing.T, dir, stdin string, args ...string) (tabled int) {
	t.Helper()
	got, tabled := ranAs(dir, strings.NewReader(stdin), false, append([]string(nil), args...)...)
	want, _ := ranAs(dir, strings.NewReader(stdin), true, append([]string(nil), args...)...)
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(ran{})); diff != "" {
		t.Fatalf("%q -by account +by table:\n%s", args, clip(diff, 4000))
	}
	return tabled
}

// someRow writes a row of accounts.csv, with faults of every kind if bad.
func someRow(r *rand.Rand, i int, bad bool) string {
	of := func(choices ...string) string { return choices[r.IntN(len(choices))] }
	id := fmt.Sprintf("a%d", i)
	row := strings.Join([]string{id, of(`"Firm, ""Ltd"""`, "Firm", "\"two\nlines\""), of("5", "320", "5000", "", " 40 ", "1e3", "-0"), of("25000000", "5e7", "", "9007199254740993"),
		of("Healthcare", "healthcare", "Retail", " ", "\"a;b\""), of("US", "FR", ""), of("", "Salesforce; SAP", ";", "SAP"), of("false", "TRUE", ""), of("", "2026-09-01", "2026-10-20T10:00:00Z"),
		of("", "2026-10-01"), of("", "hot", "warm")}, ",")
	if bad {
		switch r.IntN(7) {
		case 0:
			return row + ",more"
		case 1:
			return "   " + strings.TrimPrefix(row, id)
		case 2:
			return strings.Replace(row, "Firm", "Fi\"rm", 1)
		case 3:
			return row[:len(row)/2] + "\xff" + row[len(row)/2:]
		case 4:
			return strings.TrimSuffix(strings.TrimSuffix(strings.TrimSuffix(row, "hot"), "warm"), "2026-10-01,") + "soon,"
		case 5:
			return id + ",Firm,n/a,1 000,x,US,,yes,tomorrow,,"
		}
		return ""
	}
	return row
}

func someLine(r *rand.Rand, i int, bad bool) string {
	of := func(choices ...string) string { return choices[r.IntN(len(choices))] }
	if bad {
		return of(`{"id":"broken",`, `null`, `{"id":"x","feilds":{}}`, "", "\ufeff{}", `[]`, `{"id":"y","fields":{"Employees":"many","AnnualRevenue":[1],"Customer":3}}`)
	}
	return fmt.Sprintf(`{"id":"a%d","fields":{"Employees":%s,"AnnualRevenue":%s,"Industry":%s,"Tech stack":%s,"Customer":%s,"Last funding":%s},"contacts":[{"id":"c","fields":{"seniority":%s,"lead_score":%d},"activities":[%s]}],"activities":[%s],"prev_tier":"%s"}`,
		i, of("5", "320.5", "null", "5000"), of("25000000", "5e7", "null"), of(`"Healthcare"`, "null", `" "`, `"Retail"`), of("[]", `["Salesforce"]`, `["SAP",null]`, "null"),
		of("true", "false", "null"), of("null", `"2026-09-01"`), of(`"vp"`, `"ic"`, "null"), r.IntN(90), of("", `{"type":"webinar","at":"2026-10-10"}`),
		of("", `{"type":"pricing_visit","at":"2026-10-10T10:00:00Z","value":2,"fields":{"page":"/x"}}`, `{"type":"other","at":"2026-10-10"}`), of("", "hot"))
}

const someHead = "id,Name,Employees,AnnualRevenue,Industry,Country,Tech stack,Customer,Last funding,refreshed,prev_tier\n"

// TestScoreByTable holds the way through tables to the way account by account,
// byte by byte: results in every form, bad lines and values, and what the data
// lacks.
func TestScoreByTable(t *testing.T) {
	rules, err := os.ReadFile("testdata/fit.rules")
	require.NoError(t, err)
	tabled := map[string]int{}
	for seed := range uint64(3) {
		r := rand.New(rand.NewPCG(seed, 1))
		csv, lines := strings.Builder{}, strings.Builder{}
		csv.WriteString(someHead)
		n, often := []int{1100, 1300, 1500}[seed], []int{0, 7, 300}[seed]
		for i := range n {
			bad := often > 0 && r.IntN(often) == 0
			csv.WriteString(someRow(r, i, bad) + "\n")
			lines.WriteString(someLine(r, i, bad) + "\n")
		}
		dir := files(t, map[string]string{"fit.rules": string(rules), "a.csv": csv.String(), "a.jsonl": lines.String()})
		for _, name := range []string{"a.csv", "a.jsonl"} {
			for _, flags := range [][]string{{}, {"-csv", "-quiet"}, {"-quiet", "-json"}} {
				tabled[name] += sameBothWays(t, dir, "", append(flags, "fit.rules", name)...)
			}
		}
		sameBothWays(t, dir, "", "-strict", "fit.rules", "a.csv")
		sameBothWays(t, dir, csv.String(), "-in", "csv", "fit.rules", "-", "a.jsonl")
	}
	t.Log(tabled)
	assert.Greater(t, tabled["a.csv"], 2_000)
	assert.Greater(t, tabled["a.jsonl"], 2_000)
}

// TestScoreByTableRarely has inputs that ask for the way account by account, or
// are odd.
func TestScoreByTableRarely(t *testing.T) {
	rules, err := os.ReadFile("testdata/fit.rules")
	require.NoError(t, err)
	one := "field size number\nsize > 5 → +5\n"
	dir := files(t, map[string]string{"fit.rules": string(rules), "one.rules": one, "empty.csv": "", "head.csv": "id\n", "twice.csv": "id,id\n", "other.csv": "name\nx\n",
		"id.csv": "id\na\n\"\"\n\nb\n", "dates.csv": "id,size,refreshed.nothing\na,9,soon\nb,9,\n", "mark.csv": "\ufeffid,size\n\ufeffa,9\n\"\ufeffb\",3\nc,\"9\r\"\n",
		"tab.csv": "id\tsize\na\t9\n", "contacts.csv": "account_id,id,lead_score\na0,c,50\nnobody,d,1\n", "a.csv": someHead + someRow(rand.New(rand.NewPCG(1, 1)), 0, false) + "\n",
		"mark.jsonl": "{\"id\":\"a\"}\n\ufeff{\"id\":\"b\"}\n", "first.jsonl": "\ufeff{\"id\":\"b\"}\n", "array.json": "[{\"id\":\"a\"},{\"id\":\"b\"}]", "long.csv": "id,size\n" + strings.Repeat("x", 17<<20) + ",5\nb,9\n"})
	for _, args := range [][]string{{"one.rules", "empty.csv"}, {"one.rules", "head.csv"}, {"one.rules", "twice.csv"}, {"one.rules", "other.csv"}, {"one.rules", "id.csv"},
		{"one.rules", "dates.csv"}, {"one.rules", "mark.csv"}, {"-comma", "tab", "one.rules", "tab.csv"}, {"-key", "size", "one.rules", "mark.csv"}, {"one.rules", "mark.jsonl"},
		{"one.rules", "first.jsonl"}, {"one.rules", "array.json"}, {"one.rules", "long.csv"}, {"one.rules", "mark.csv", "dates.csv", "first.jsonl", "twice.csv"},
		{"-contacts", "contacts.csv", "fit.rules", "a.csv"}} {
		sameBothWays(t, dir, "", args...)
		sameBothWays(t, dir, "", append([]string{"-quiet", "-json"}, args...)...)
	}
	for _, form := range []string{"csv", "json"} {
		broken := func() io.Reader {
			return io.MultiReader(strings.NewReader("id,size\na,9\n"), iotest.ErrReader(io.ErrUnexpectedEOF))
		}
		got, _ := ranAs(dir, broken(), false, "-quiet", "-in", form, "one.rules", "-")
		want, _ := ranAs(dir, broken(), true, "-quiet", "-in", form, "one.rules", "-")
		require.Equal(t, want, got)
		require.Equal(t, 2, got.code)
	}
}

// grown writes accounts as they are read, and notes how large the heap gets.
type grown struct {
	form  string
	rows  int
	next  int
	text  []byte
	peak  uint64
	reads int
}

func (g *grown) Read(p []byte) (int, error) {
	for len(g.text) == 0 {
		if g.next == g.rows {
			return 0, io.EOF
		}
		switch {
		case g.form == "json":
			g.text = fmt.Appendf(g.text, "{\"id\":\"a%d\",\"fields\":{\"Employees\":%d,\"Country\":\"C%d\"}}\n", g.next, g.next%900, g.next)
		case g.next == 0:
			g.text = append(g.text, "id,Employees,Country\n"...)
		default:
			g.text = fmt.Appendf(g.text, "a%d,%d,C%d\n", g.next, g.next%900, g.next)
		}
		g.next++
	}
	n := copy(p, g.text)
	g.text = g.text[:copy(g.text, g.text[n:])]
	if g.reads++; g.reads%1024 == 0 {
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		g.peak = max(g.peak, stats.HeapAlloc)
	}
	return n, nil
}

// TestScoreInBoundedMemory scores more accounts than the heap holds at once.
func TestScoreInBoundedMemory(t *testing.T) {
	rules, err := filepath.Abs("testdata/fit.rules")
	require.NoError(t, err)
	for _, form := range []string{"csv", "json"} {
		data := &grown{form: form, rows: 60_000}
		c := verb{name: "score", run: func(c *command, args []string) error {
			return c.scoreBy(args, func(s *scoring) error { s.chunkRows = 1024; return s.all() })
		}}
		runtime.GC() // what is left of other tests
		var errs bytes.Buffer
		require.Zero(t, runVerb(c, []string{"-quiet", "-csv", "-at", "2026-11-01", "-in", form, rules, "-"}, data, io.Discard, &errs), errs.String())
		assert.Equal(t, data.rows, data.next)
		assert.Positive(t, data.peak)
		assert.Less(t, data.peak, uint64(16<<20), form)
		t.Logf("%s: %d KiB", form, data.peak>>10)
	}
}
