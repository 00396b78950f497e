package tables_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/tables"
)

const rules = `
field employees number from "Company Size" stale after 30d
field revenue   number
field country   text ignoring case
field plan      text one of [Free, Pro]
field customer  bool
field stack     list
field funded    time
activity visit (page text, depth number), call (page number)
dimension fit {
  employees >= 100 → +20
  revenue → 0..50 over 1M-5M
  country in [US, DE] → +7
  plan = Pro → +10
  customer → -10
  stack has all [CRM, ERP] → +15
  funded within 30d → +5
  count(visit where page = "x" and depth > 1) > 0 → +3 per count(visit)
  count(call where page > 2) > 0 → +9
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
	require.NoError(t, err)
	m, err := accountscore.Compile(rs)
	require.NoError(t, err)
	return m
}

// read scores what an iterator gives, and lists the faults of lines.
func read(t testing.TB, m *accountscore.Model, from iter.Seq2[*accountscore.Table, error]) (results []accountscore.Result, faults []string) {
	t.Helper()
	for table, err := range from {
		if err != nil {
			faults = append(faults, err.Error())
			continue
		}
		scores, err := m.ScoreTable(t.Context(), table, at)
		require.NoError(t, err)
		for i := range scores.Len() {
			results = append(results, scores.Row(i))
		}
	}
	return results, faults
}

func TestCSV(t *testing.T) {
	m := model(t)
	text := "\ufeffid, Company Size ,revenue,country,plan,customer,stack,funded,prev_tier,refreshed,refreshed.employees,notes\r\n" +
		"a,150,2000000,us,Pro,TRUE,CRM; ERP;,2026-10-20,top,,,\n" +
		"b, 1e2 ,2.5e6,\"D\nE\",Gold,yes,,2026-10-20T10:00:00Z, ,2026-01-01,2026-10-31,\n" +
		"\n" +
		"c,\"1,000\",99999999999999999999,,,,;,soon,,2026-10-31,2026-01-01,\n" +
		"d,1\n" +
		" ,1,1,,,,,,,,,\n" +
		"e,1,1,,,,,,,,never,\n" +
		"f,+12,-1,  ,Free,false,a,,low,,,x\n"
	want := []accountscore.Account{
		{ID: "a", PrevTier: "top", Fields: map[string]any{"Company Size": 150, "revenue": 2e6, "country": "us", "plan": "Pro", "customer": true,
			"stack": []string{"CRM", "ERP"}, "funded": "2026-10-20"}},
		{ID: "b", Fields: map[string]any{"Company Size": 100, "revenue": 2.5e6, "country": "D\nE", "plan": "Gold", "customer": "yes", "funded": "2026-10-20T10:00:00Z"},
			Refreshed: map[string]time.Time{"employees": time.Date(2026, 10, 31, 0, 0, 0, 0, time.UTC)}},
		{ID: "c", Fields: map[string]any{"Company Size": "1,000", "revenue": json.Number("99999999999999999999"), "stack": []string{}, "funded": "soon"},
			Refreshed: map[string]time.Time{"employees": time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}},
		{ID: "f", PrevTier: "low", Fields: map[string]any{"Company Size": 12, "revenue": -1, "plan": "Free", "customer": false, "stack": []string{"a"}}},
	}
	for _, rows := range []int{0, 1, 2, 1000} {
		var unread []string
		got, faults := read(t, m, tables.CSV(m, strings.NewReader(text), tables.Rows(rows), tables.Unread(func(columns []string) { unread = columns })))
		require.Len(t, got, len(want))
		for i := range want {
			assert.Equal(t, m.Score(want[i], at), got[i])
		}
		assert.Equal(t, []string{
			"line 7: the header has 12 cells, the row 2",
			"line 8: the row has no id",
			`line 9: column refreshed.employees: "never" is no time: write RFC 3339, or a date such as 2026-10-01`,
		}, faults)
		assert.Equal(t, []string{"notes"}, unread)
	}
}

func TestCSVOptions(t *testing.T) {
	m := model(t)
	got, faults := read(t, m, tables.CSV(m, strings.NewReader("Account\tCompany Size\nx\t200\n"), tables.Key("Account"), tables.Comma('\t')))
	require.Empty(t, faults)
	require.Len(t, got, 1)
	assert.Equal(t, 20.0, got[0].Score)
	for text, fault := range map[string]string{
		"":                 "the file is empty: it has no header",
		"\ufeff\n\n":       "the file is empty: it has no header",
		"id,country\n":     "",
		"name,x\na,b\n":    `the header has no column "id"; it has name, x`,
		"id,x,x\n":         `the header has the column "x" twice`,
		"id,\"x\n":         `the header: a " opens a cell that is never closed`,
		"id,x\na,\"b\"c\n": `line 2: a " stands inside a cell: put the cell in quotes and write "" for it`,
	} {
		got, faults := read(t, m, tables.CSV(m, strings.NewReader(text)))
		assert.Empty(t, got)
		if fault == "" {
			assert.Empty(t, faults)
		} else {
			assert.Equal(t, []string{fault}, faults)
		}
	}
}

// accounts are JSON lines that are accounts.
var accounts = []string{
	`{"id":"a","fields":{"Company Size":150,"revenue":2.5e6,"country":"us","plan":"Pro","customer":true,"stack":["CRM",null,"ERP"],"funded":"2026-10-20","notes":{"a":[1,"x"]}}}`,
	`{"id":"b","fields":{"Company Size":"many","revenue":1e400,"country":7,"plan":"Gold","customer":"yes","stack":["CRM",1],"funded":"soon"},"prev_tier":"top"}`,
	`{"id":"c","fields":{"Company Size":9007199254740993,"revenue":null,"country":" ","plan":true,"customer":[],"stack":[],"funded":"2026-10-20T00:00:00+02:00"},"refreshed":{"employees":"2026-01-01","nothing":"2026-01-01"}}`,
	`{"id":"d","contacts":[{"id":"ann","fields":{"role":"vp","heat":20.5},"activities":[{"type":"visit","at":"2026-10-30","fields":{"page":"x","depth":2}}]},{"id":"bob","fields":{"heat":200000}}],` +
		`"activities":[{"type":"visit","at":"2026-10-30","value":3,"fields":{"page":"x","depth":2}},{"type":"call","at":"2026-10-30","fields":{"page":5}},{"type":"mail","at":"2026-10-30"},{"type":"visit","at":"0001-01-02"}]}`,
	`{"id":"0"}`,
	`{"id":"e\u00e9\n","fields":{"country":"\u0055S","stack":"CRM","Company Size":-0.0,"revenue":12345678.25}}`,
}

func TestJSONLines(t *testing.T) {
	m := model(t)
	bad := []string{`{"id":"x","field":{}}`, `null`, `[1]`, `{"id":5}`, `{"id":"x"} {}`, `{"id":`}
	lacking := map[string]string{
		`{}`:         "the account has no id",
		`{"id":" "}`: "the account has no id",
		`{"id":"x","activities":[{"type":"visit","at":"2026-10-30"},{"at":"2026-10-30"}]}`: "activity #2 has no type",
		`{"id":"x","activities":[{"type":"visit"}]}`:                                       `activity #1, "visit", has no at`,
		`{"id":"x","contacts":[{"id":"ann","activities":[{"type":"visit"}]}]}`:             `contact "ann": activity #1, "visit", has no at`,
	}
	for line, fault := range lacking {
		got, faults := read(t, m, tables.JSONLines(m, strings.NewReader(line+"\n"+accounts[0])))
		assert.Len(t, got, 1)
		assert.Equal(t, []string{"line 1: " + fault}, faults)
	}
	text := "\ufeff\n"
	for i, a := range accounts {
		text += a + "\r\n" + bad[i] + "\n"
	}
	for _, rows := range []int{0, 1, 4} {
		got, faults := read(t, m, tables.JSONLines(m, strings.NewReader(text), tables.Rows(rows)))
		require.Len(t, got, len(accounts))
		for i, line := range accounts {
			var a accountscore.Account
			require.NoError(t, json.Unmarshal([]byte(line), &a))
			assert.Equal(t, m.Score(a, at), got[i], line)
		}
		require.Len(t, faults, len(bad))
		for i, fault := range faults {
			assert.True(t, strings.HasPrefix(fault, fmt.Sprintf("line %d: ", 3+2*i)), fault)
		}
	}
}

// failing breaks off with an error of the disk.
type failing struct{ io.Reader }

var errDisk = errors.New("disk")

func (f failing) Read(p []byte) (int, error) {
	n, err := f.Reader.Read(p)
	if err == io.EOF {
		err = errDisk
	}
	return n, err
}

func TestReadThatFails(t *testing.T) {
	m := model(t)
	for line, from := range map[int]iter.Seq2[*accountscore.Table, error]{
		4: tables.CSV(m, failing{strings.NewReader("id,country\na,US\nb,US\n")}, tables.Rows(1)),
		5: tables.CSV(m, failing{strings.NewReader("id,country\na,US\nb,US\n\"c\n")}, tables.Rows(1)),
		3: tables.JSONLines(m, failing{strings.NewReader("{\"id\":\"a\"}\n{\"id\":\"b\"}\n")}, tables.Rows(1)),
	} {
		var last error
		rows := 0
		for table, err := range from {
			if last = err; err == nil {
				rows += table.Len()
			}
		}
		assert.ErrorIs(t, last, errDisk)
		assert.ErrorContains(t, last, fmt.Sprintf("line %d: ", line))
		assert.False(t, errors.As(last, new(*tables.LineError)))
		assert.Equal(t, 2, rows, "what was read is not lost")
		for range from {
			break // nothing is yielded after a break, or this panics
		}
	}
}

// endless makes a file of lines without holding it.
type endless struct {
	line func(i int) string
	n, i int
	rest string
}

func (e *endless) Read(p []byte) (int, error) {
	if e.rest == "" {
		if e.i == e.n {
			return 0, io.EOF
		}
		e.rest = e.line(e.i)
		e.i++
	}
	n := copy(p, e.rest)
	e.rest = e.rest[n:]
	return n, nil
}

// TestMemoryIsBounded scores long files, of text that never says the same
// twice, and looks at what is alive on the way.
func TestMemoryIsBounded(t *testing.T) {
	m := model(t)
	const n = 200_000
	for name, from := range map[string]iter.Seq2[*accountscore.Table, error]{
		"csv": tables.CSV(m, &endless{n: n + 1, line: func(i int) string {
			if i == 0 {
				return "id,Company Size,country,stack\n"
			}
			return fmt.Sprintf("account %d,%d,country %d,item %d;item %d\n", i, i, i, i, -i)
		}}),
		"json": tables.JSONLines(m, &endless{n: n / 4, line: func(i int) string {
			return fmt.Sprintf(`{"id":"account %d","fields":{"Company Size":%d,"country":"country %d","stack":["item %d"]},"contacts":[{"id":"c%d"}]}`+"\n", i, i, i, i, i)
		}}, tables.Rows(2_000)),
	} {
		t.Run(name, func(t *testing.T) {
			var scores accountscore.Scores
			var before, now runtime.MemStats
			rows, blocks := 0, 0
			for table, err := range from {
				require.NoError(t, err)
				_, err = m.ScoreTable(t.Context(), table, at, accountscore.Into(&scores), accountscore.Workers(1))
				require.NoError(t, err)
				rows += table.Len()
				if blocks++; blocks == 2 {
					runtime.GC()
					runtime.ReadMemStats(&before)
				} else if blocks%5 == 0 {
					runtime.GC()
					runtime.ReadMemStats(&now)
					require.Less(t, now.HeapAlloc, before.HeapAlloc+8<<20, "after %d rows", rows)
				}
			}
			require.NotZero(t, now.HeapAlloc, "never looked")
			require.GreaterOrEqual(t, rows, n/4)
		})
	}
}

// FuzzJSONLines: a line is an account exactly where the package accountscore
// reads one, and scores alike.
func FuzzJSONLines(f *testing.F) {
	for _, line := range accounts {
		f.Add(line)
	}
	f.Add(`{"id":"a","fields":{"Company Size":1,"Company Size":"x"},"id":"b"}`)
	f.Add("{}")
	f.Add(`{"id":"a","activities":[{"type":"visit"}]}`)
	f.Add(`{"id":"a","contacts":[{"activities":[{"at":"2026-10-01T00:00:00Z"}]}]}`)
	f.Add(`{"ID":"a","Fields":{"revenue":1E6},"contacts":null,"prev_tier":"t\ud83d\ude00\ud83d"}`)
	m := model(f)
	f.Fuzz(func(t *testing.T, line string) {
		if strings.ContainsAny(line, "\n") || strings.TrimSpace(line) == "" || strings.HasPrefix(line, "\ufeff") {
			return
		}
		var a accountscore.Account
		err := json.Unmarshal([]byte(strings.TrimSuffix(line, "\r")), &a)
		got, faults := read(t, m, tables.JSONLines(m, strings.NewReader(line)))
		if err != nil || strings.TrimSpace(line) == "null" || incomplete(&a) {
			require.Empty(t, got, "%q", line)
			require.Len(t, faults, 1)
			return
		}
		require.Empty(t, faults, "%q", line)
		require.Len(t, got, 1)
		require.Equal(t, m.Score(a, at), got[0], "%q", line)
	})
}

// incomplete tells of an account that has no id, or an activity of which the
// type or the moment is not said.
func incomplete(a *accountscore.Account) bool {
	vague := func(act accountscore.Activity) bool { return act.Type == "" || act.At.IsZero() }
	return strings.TrimSpace(a.ID) == "" || slices.ContainsFunc(a.Activities, vague) ||
		slices.ContainsFunc(a.Contacts, func(c accountscore.Contact) bool { return slices.ContainsFunc(c.Activities, vague) })
}

// TestHostileLines: what a line or a header can cost is bounded.
func TestHostileLines(t *testing.T) {
	m := model(t)
	for what, line := range map[string]string{
		"objects": `{"id":"a","contacts":[` + strings.Repeat("{},", 300_000) + `{}]}`,
		"items":   `{"id":"a","fields":{"stack":[` + strings.Repeat(`"",`, 2_200_000) + `""]}}`,
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		got, faults := read(t, m, tables.JSONLines(m, strings.NewReader(line+"\n{\"id\":\"b\"}\n")))
		runtime.ReadMemStats(&after)
		require.Len(t, faults, 1, what)
		assert.Contains(t, faults[0], what)
		assert.Contains(t, faults[0], "line 1: ")
		require.Len(t, got, 1, what)
		assert.Equal(t, "b", got[0].AccountID)
		assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(64<<20), what)
	}

	var header strings.Builder
	header.WriteString("id")
	for i := range 200_000 {
		fmt.Fprintf(&header, ",c%d", i)
	}
	got, faults := read(t, m, tables.CSV(m, strings.NewReader(header.String()+"\na\n")))
	assert.Len(t, faults, 1, "a row of one cell")
	assert.Empty(t, got)
}

func TestOptions(t *testing.T) {
	m := model(t)
	const text = "id,country\na,US\n"
	for _, c := range []byte{'"', '\n', '\r', 0, 200} {
		got, faults := read(t, m, tables.CSV(m, strings.NewReader(text), tables.Comma(c)))
		assert.Empty(t, got)
		require.Len(t, faults, 1)
		assert.Contains(t, faults[0], "Comma(")
	}
	for _, opt := range []tables.Option{nil, tables.Unread(nil), tables.Comma(',')} {
		got, faults := read(t, m, tables.CSV(m, strings.NewReader("id,x\na,US\n"), opt))
		assert.Len(t, got, 1)
		assert.Empty(t, faults)
		got, _ = read(t, m, tables.JSONLines(m, strings.NewReader(accounts[0]), opt))
		assert.Len(t, got, 1)
	}
}
