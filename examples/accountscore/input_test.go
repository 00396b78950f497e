package main

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/internal/sheet"
	"github.com/accountscore/accountscore/tables"
)

const plainRules = `field employees number
field country text
field stack list
field ok bool
field seen time
employees >= 10 → +1
country = US → +2
stack has all [a, b] → +4
ok = true → +8
seen within 30d → +16
`

// scores runs score over a text and gives id=score for each account, and what
// was said.
func scores(t *testing.T, name, data string, flags ...string) (string, ran) {
	t.Helper()
	dir := files(t, map[string]string{"r.rules": plainRules, name: data})
	r := in(t, dir, "", append([]string{"score", "-csv", "-at", "2026-11-01", "r.rules", name}, flags...)...)
	rows, err := csv.NewReader(strings.NewReader(r.out)).ReadAll()
	require.NoError(t, err, r)
	var list []string
	for _, row := range rows[min(1, len(rows)):] {
		list = append(list, row[0]+"="+row[1])
	}
	return strings.Join(list, " "), r
}

func TestCSV(t *testing.T) {
	const header = "id,employees,country,stack,ok,seen\n"
	for _, tt := range []struct {
		name, data, want string
		code             int
		says             []string
	}{
		{"every type", header + "a,12,US,a;b,true,2026-10-20\nb,9,FR,a,false,2026-09-01\n", "a=31 b=0", 0, nil},
		{"mark and CRLF", "\ufeff" + strings.ReplaceAll(header+"a,12,US,a; b ,TRUE,2026-10-20T08:00:00+02:00\n", "\n", "\r\n"), "a=31", 0, nil},
		{"no end of line at the end", header + "a,12,US,,,", "a=3", 0, nil},
		{"empty cells are null", header + "a,,,,,\n", "a=0", 0, []string{"rules without an answer for any account: points.1", "any account: employees (always empty), country (always empty)"}},
		{"quotes", "id,country,\"em\nployees\",employees\n\"a \"\"b\"\"\",US,\"two\nlines\",\" 12 \"\n", `a "b"=3`, 0, nil},
		{"numbers are plain", header + "a,\"1,200\",US,,,\nb,1e3,,,,\nc,0x20,,,,\nd,Inf,,,,\ne,+12.5,,,,\nf,12%,,,,\n", "a=2 b=1 c=0 d=0 e=1 f=0", 0,
			[]string{`data.csv:2: account "a": field employees`, `got the text "1,200": write 1200`, `got the text "0x20"`, `got the text "Inf"`, `got the text "12%": write 12, or`}},
		{"truths are true and false", header + "a,,,,yes,\nb,,,,1,\n", "a=0 b=0", 0, []string{`got the text "yes": write true`, `got the text "1": write true`}},
		{"times", header + "a,,,,,01.10.2026\n", "a=0", 0, []string{`got the text "01.10.2026": write 2026-10-01`}},
		{"a list without items is known", header + "a,,,;,,\n", "a=0", 0, nil},
		{"a row that is short", header + "a,12\nb,12,US,,,\n", "b=3", 1, []string{"data.csv:2: the row has 2 cells, the header 6", "1 bad line left out"}},
		{"a row without an id", header + " ,12,US,,,\nb,12,US,,,\n", "b=3", 1, []string{"data.csv:2: the row has no id"}},
		{"an id twice", header + "a,12,US,,,\nb,12,US,,,\n a ,1,US,,,\n", "a=3 b=3", 1, []string{`data.csv:4: the account "a" stands a second time`, "1 bad line left out"}},
		{"a stray quote", header + "a,12\",US,,,\nb,12,US,,,\n", "b=3", 1, []string{`data.csv:2: a " stands inside a cell`}},
		{"text after a quote", header + "a,\"12\"x,US,,,\nb,12,US,,,\n", "b=3", 1, []string{`data.csv:2: a " stands inside a cell`}},
		{"an open quote", header + "a,\"12,US,,,\nb,12,US,,,\nc,12,US,,,\n", "b=3 c=3", 1, []string{`data.csv:2: a " opens a cell that is never closed`}},
		{"an open quote that a later one ends", header + "a,\"12,US,,,\nb,12,US,,,\nc,1\"2,US,,,\nd,12,US,,,\n", "b=3 d=3", 1, []string{"data.csv:2: ", "data.csv:4: "}},
		{"not UTF-8", header + "a,12,\xff,,,\nb,12,US,,,\n", "b=3", 1, []string{"data.csv:2: not UTF-8"}},
		{"empty lines", header + "\n\na,12,US,,,\n\n", "a=3", 0, nil},
		{"an empty file", "", "", 1, []string{"there is no account in the data"}},
		{"a header alone", header, "", 1, []string{"there is no account in the data"}},
		{"columns nobody reads", "id,Employees,Owner\na,12,Bo\n", "a=0", 0,
			[]string{"columns that the ruleset does not read: Employees, Owner", `"Employees" is read by nothing, while the field employees waits for "employees"`,
				"fields without a value in any account: employees, country, stack, ok, seen"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, r := scores(t, "data.csv", tt.data)
			require.Equal(t, tt.want, got, r)
			require.Equal(t, tt.code, r.code, r)
			for _, s := range tt.says {
				require.Contains(t, r.err, s)
			}
			if len(tt.says) == 0 {
				require.NotContains(t, r.err, "data.csv:")
			}
		})
	}
}

func TestCSVThatCannotBeRead(t *testing.T) {
	for _, tt := range []struct {
		name, data, says string
		flags            []string
	}{
		{"no id", "account,employees\na,1\n", `has no column "id"; it has account, employees; -key names the column that holds the account's id, as in -key account` + "\n", nil},
		{"another case", "Company,ID\nx,1\n", `data.csv has no column "id"; it has Company, ID; if "ID" holds the account's id, give -key ID` + "\n", nil},
		{"a key in another case", "account id,employees\nx,1\n", `if "account id" holds the account's id, give -key 'account id'` + "\n", []string{"-key", "Account ID"}},
		{"an empty head", ",employees\nx,1\n", "as in -key employees\n", nil},
		{"a column twice", "id,employees,employees\na,1,2\n", `has the column "employees" twice`, nil},
		{"another comma", "id;employees\na;1\n", "-comma names it", nil},
		{"gzip", "\x1f\x8b\x08\x00rest", "data.csv is compressed with gzip: unpack it: gunzip -c", nil},
		{"zstd", "\x28\xb5\x2f\xfdrest", "data.csv is compressed with zstd: unpack it", nil},
		{"bzip2", "BZh91AY&SY", "data.csv is compressed with bzip2: unpack it", nil},
		{"a workbook", "PK\x03\x04\x14\x00", "data.csv is a zip archive or an Excel workbook: unpack the archive, or save the sheet as CSV UTF-8", nil},
		{"an old workbook", "\xd0\xcf\x11\xe0\xa1", "data.csv is a workbook of an old Excel: save the sheet as CSV UTF-8", nil},
		{"Parquet", "PAR1\x15\x04", "data.csv is a Parquet file: score it with the program in examples/arrow", nil},
		{"Arrow", "ARROW1\x00\x00", "data.csv is an Arrow file: score it with", nil},
		{"UTF-16", "\xff\xfei\x00d\x00", "data.csv is text in UTF-16: save it as UTF-8, a sheet as CSV UTF-8", nil},
		{"a broken header", "id,\"employees\na,1\n", "data.csv:1: ", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, r := scores(t, "data.csv", tt.data, tt.flags...)
			require.Equal(t, 2, r.code, r)
			require.Contains(t, r.err, tt.says)
			require.Empty(t, r.out, "no head of a table that does not come")
		})
	}
	got, r := scores(t, "data.csv", "Account;employees;country\na;12;US\n", "-comma", ";", "-key", "Account")
	require.Equal(t, "a=3", got, r)
	got, r = scores(t, "data.tsv", "id\temployees\na\t12\n", "-comma", "tab")
	require.Equal(t, "a=1", got, r)
}

func TestCSVRefreshed(t *testing.T) {
	dir := files(t, map[string]string{
		"r.rules": "field employees number missing after 30d\nfield revenue number missing after 30d\nemployees > 5 → +1\nrevenue > 5 → +2\ntiers {\n top when score >= 3 hold 1\n low otherwise\n}\n",
		"a.csv":   "id,employees,revenue,refreshed,refreshed.revenue,prev_tier\na,10,10,2026-10-30,2026-01-01,\nb,10,10,2026-10-30,,\nc,10,10,,,\nd,10,1,,,top\ne,10,10,soon,,\n"})
	r := in(t, dir, "", "score", "-quiet", "-csv", "-at", "2026-11-01", "r.rules", "a.csv")
	require.Equal(t, 1, r.code)
	require.Contains(t, r.err, `a.csv:6: column refreshed: "soon" is no time`)
	rows, err := csv.NewReader(strings.NewReader(r.out)).ReadAll()
	require.NoError(t, err)
	var got []string
	for _, row := range rows[1:] {
		got = append(got, row[0]+" "+row[1]+" "+row[4])
	}
	require.Equal(t, []string{"a 1 low", "b 3 top", "c 3 top", "d 1 low"}, got)
}

func TestJSONInput(t *testing.T) {
	const a, b = `{"id":"a","fields":{"employees":12,"stack":["a","b"]}}`, `{"id":"b","fields":{"country":"US","ok":true,"seen":"2026-10-20"}}`
	for _, tt := range []struct {
		name, file, data, want string
		code                   int
		says                   string
	}{
		{"lines", "d.jsonl", a + "\n" + b + "\n", "a=5 b=26", 0, ""},
		{"lines with CRLF, a mark and empty ones", "d.jsonl", "\ufeff" + a + "\r\n\r\n" + b, "a=5 b=26", 0, ""},
		{"an array", "d.json", "[" + a + ",\n" + b + "]\n", "a=5 b=26", 0, ""},
		{"an object that spans lines", "d.json", "{\n\"id\": \"a\",\n\"fields\": {\"employees\": 12}\n}\n" + b, "a=1 b=26", 0, ""},
		{"by its beginning", "d.txt", a, "a=5", 0, ""},
		{"CSV by its beginning", "d.txt", "id,employees\na,12\n", "a=1", 0, ""},
		{"a bad line", "d.jsonl", a + "\n{\"id\":\n" + b + "\n", "a=5 b=26", 1, "d.jsonl:2: no JSON object"},
		{"an unknown key", "d.jsonl", `{"id":"x","feilds":{}}` + "\n" + b, "b=26", 1, `d.jsonl:1: account "x": there is no key "feilds": did you mean "fields"?`},
		{"no object", "d.jsonl", "null\n3\n" + b, "b=26", 1, "d.jsonl:2: "},
		{"a bad account of an array", "d.json", "[" + a + ",\n{\"id\":3},\n" + b + "]", "a=5 b=26", 1, "d.json:2: "},
		{"a broken array", "d.json", "[" + a + ",\n" + b + ",\n{]", "a=5 b=26", 1, "the rest of the file is not read"},
		{"an open array", "d.json", "[" + a + ",\n" + b, "a=5 b=26", 1, "d.json:2: "},
		{"something behind an array", "d.json", "[" + a + "]\n" + b, "a=5", 1, "d.json:2: something follows the array"},
		{"an empty array", "d.json", "[]", "", 1, "there is no account in the data"},
		{"an empty file", "d.json", "", "", 1, "there is no account in the data"},
		{"no id", "d.jsonl", `{"fields":{"employees":12}}` + "\n" + `{"id":" "}` + "\n" + b, "b=26", 1, "d.jsonl:1: the account has no id\nd.jsonl:2: the account has no id\n2 bad lines left out"},
		{"an id twice", "d.jsonl", a + "\n" + b + "\n" + a, "a=5 b=26", 1, `d.jsonl:3: the account "a" stands a second time`},
		{"control characters", "d.jsonl", `{"id":"x","\u001b[31m":{}}`, "", 1, `d.jsonl:1: account "x": there is no key "\x1b[31m"`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, r := scores(t, tt.file, tt.data)
			require.Equal(t, tt.want, got, r)
			require.Equal(t, tt.code, r.code, r)
			require.Contains(t, r.err, tt.says)
			require.NotContains(t, r.err, "\x1b")
		})
	}
}

// TestBrokenJSON states what is said of lines that are no JSON.
func TestBrokenJSON(t *testing.T) {
	for line, says := range map[string]string{
		`{"id":"a","fields":{"employees":nan}}`:  `"nan" cannot stand at character 33: write null`,
		`{"id":"a","fields":{"ok":True}}`:        `"True" cannot stand at character 26: write true`,
		`{"id":"a","fields":{"ok":None}}`:        `"None" cannot stand at character 26: write null`,
		`{"id":"ä","fields":{"country":US}}`:     `"US" cannot stand at character 31: texts stand in double quotes, and what is not known is null`,
		`{'id':'a'}`:                             `"'" cannot stand at character 2: texts stand in double quotes`,
		`{"id":"a","fields":{"employees":5,}}`:   `"}" cannot stand at character 35: drop the comma before it`,
		`{"id":"a" "fields":{}}`:                 `"\"" cannot stand at character 11: a comma or a colon is missing before it`,
		`{"id":"a","fields":{"country":"US"`:     `it is cut off at character 34: a quote, ] or } is missing`,
		`{"id":"a","fields":{"country":"U`:       `it is cut off at character 32: a quote, ] or } is missing`,
		`{"id":"a"}x`:                            `"x" cannot stand at character 11`,
		"{\"id\":\"a\tb\"}":                      `"\t" cannot stand at character 9`,
		`{"id":"a","fields":{"employees":0x20}}`: `"x" cannot stand at character 34`,
		`{"id":1}`:                               `account: id: wanted a text in quotes, got a number: write "1"`,
		`[{"id":"a","fields":{"ok":True}}]`:      `invalid character 'T'`,
	} {
		name := "d.jsonl"
		if line[0] == '[' {
			name = "d.json"
		}
		_, r := scores(t, name, line+"\n")
		require.Equal(t, 1, r.code, line)
		require.Contains(t, r.err, says, line)
	}
}

func TestHugeCellsAndLines(t *testing.T) {
	huge := strings.Repeat("x", sheet.MaxLine+1)
	got, r := scores(t, "d.csv", "id,country\na,US\nb,"+huge+"\nc,US\nd,\"\n"+strings.Repeat(strings.Repeat("y", 1<<20)+"\n", 17)+"e,US\n")
	require.Equal(t, 1, r.code)
	require.True(t, strings.HasPrefix(got, "a=2 c=2"), got)
	require.Contains(t, r.err, "d.csv:3: longer than 16 MiB")
	require.Contains(t, r.err, `d.csv:5: a " opens a cell that is never closed`)
	require.True(t, strings.HasSuffix(got, "e=2"), "the lines behind the open quote are read")

	got, r = scores(t, "d.jsonl", `{"id":"a","fields":{"country":"`+huge+`"}}`+"\n"+`{"id":"b","fields":{"country":"US"}}`)
	require.Equal(t, "b=2", got)
	require.Contains(t, r.err, "d.jsonl:1: longer than 16 MiB")

	got, r = scores(t, "d.json", `[{"id":"a"},{"id":"b","fields":{"country":"`+huge+huge+`"}}]`)
	require.Equal(t, "a=0", got)
	require.Equal(t, 1, r.code)
	require.Contains(t, r.err, "longer than 16 MiB")
}

func TestJoinedFiles(t *testing.T) {
	dir := files(t, map[string]string{
		"r.rules": `field employees number
activity visit (page text), call
dimension intent {
  count(visit where page = "pricing") >= 1 → +1
  sum(call) >= 7 → +2
}
dimension people from contacts {
  field points number
  score points
  each visit → +100
  combine sum
}
`,
		"a.csv": "id,employees\na,1\nb,2\n",
		"a.json": `[{"id":"a","contacts":[{"id":"z","fields":{"points":4}}]},
{"id":"b"}]`,
		"c.csv": "account_id,id,points\na,x,8\na,y,16\na,x,1\n,q,1\nb,,1\nnobody,w,1\n",
		"v.csv": "account_id,contact_id,type,at,value,page\na,,visit,2026-10-01,,pricing\na,x,visit,2026-10-02,,\nb,,call,2026-10-01,7.5,\nb,who,call,2026-10-01,,\nb,,call,2026-10-01,many,\nb,,,2026-10-01,,\n,,call,2026-10-01,,\na,,call,x,,\n",
	})
	args := []string{"score", "-csv", "-quiet", "-at", "2026-11-01", "-contacts", "c.csv", "-activities", "v.csv", "r.rules"}
	r := in(t, dir, "", append(args, "a.csv")...)
	require.Equal(t, 1, r.code)
	require.Contains(t, r.out, "a,125,125,125,")
	require.Contains(t, r.out, "b,2,2,2,")
	for _, s := range []string{`c.csv:4: the account "a" has the contact "x" already`, "c.csv:5: the contact has no account_id", "c.csv:6: the contact has no id",
		`c.csv:7: no account has the id "nobody"`, `v.csv:5: the account "b" has no contact "who"`, `v.csv:6: column value: "many" is no number`,
		"v.csv:7: the activity has no type", "v.csv:8: the activity has no account_id", `v.csv:9: column at: "x" is no time`} {
		require.Contains(t, r.err, s)
	}
	r = in(t, dir, "", append(args, "a.json")...)
	require.Contains(t, r.out, "a,129,129,129,", "the contacts of both")
}

func TestJoinedFilesWithoutAColumn(t *testing.T) {
	dir := files(t, map[string]string{"r.rules": plainRules, "a.csv": "id\na\n", "c.csv": "AccountID,id\na,x\n", "v.csv": "account_id,type\na,x\n"})
	for args, says := range map[string]string{
		"-contacts c.csv":   `c.csv has no column "account_id"; it has AccountID, id; rename "AccountID"` + "\n",
		"-activities v.csv": `v.csv has no column "at"; it has account_id, type` + "\n",
	} {
		r := in(t, dir, "", append(strings.Fields("score "+args), "r.rules", "a.csv")...)
		require.Equal(t, 2, r.code, r)
		require.Contains(t, r.err, says)
		require.Empty(t, r.out)
	}
}

func TestAnIDInTwoFiles(t *testing.T) {
	dir := files(t, map[string]string{"r.rules": plainRules, "one.csv": "id,employees\na,12\n", "two.csv": "id,employees\nb,12\na,1\n"})
	for _, args := range [][]string{{"score", "-quiet", "-csv"}, {"diff", "r.rules"}} {
		r := in(t, dir, "", append(args, "r.rules", "one.csv", "two.csv")...)
		require.Equal(t, 1, r.code)
		require.Contains(t, r.err, "two.csv:3: the account \"a\" stands a second time\n")
	}
}

func TestStrict(t *testing.T) {
	data := "id,employees,country\na,12,US\nb,12\nc,12,US\n"
	got, r := scores(t, "d.csv", data, "-strict", "-workers", "1")
	require.Equal(t, 1, r.code)
	require.Equal(t, "a=3", got)
	got, r = scores(t, "d.csv", "id,employees,country\na,12,US\nb,many,US\nc,12,US\n", "-strict", "-quiet")
	require.Equal(t, 1, r.code)
	require.Equal(t, "a=3", got)
	require.Contains(t, r.err, "d.csv:3: account \"b\"")
}

func TestSeveralInputsKeepTheirOrder(t *testing.T) {
	one, two, want := []string{"id,employees"}, []string{}, []string{}
	for i := range 500 {
		one = append(one, fmt.Sprintf("a%d,12", i))
		want = append(want, fmt.Sprintf("a%d=1", i))
	}
	for i := range 500 {
		two = append(two, fmt.Sprintf(`{"id":"b%d","fields":{"employees":12}}`, i))
		want = append(want, fmt.Sprintf("b%d=1", i))
	}
	dir := files(t, map[string]string{"r.rules": plainRules, "one.csv": strings.Join(one, "\n")})
	r := in(t, dir, strings.Join(two, "\n"), "score", "-csv", "-quiet", "-workers", "7", "r.rules", "one.csv", "-")
	require.Equal(t, 0, r.code, r)
	rows, err := csv.NewReader(strings.NewReader(r.out)).ReadAll()
	require.NoError(t, err)
	var got []string
	for _, row := range rows[1:] {
		got = append(got, row[0]+"="+row[1])
	}
	require.Equal(t, want, got)
}

func manyRows() string {
	var rows strings.Builder
	for i := range 25 {
		fmt.Fprintf(&rows, "a%d,many\n", i)
	}
	return rows.String()
}

func TestInvalidValuesAreCutShort(t *testing.T) {
	_, r := scores(t, "d.csv", "id,employees\n"+manyRows())
	require.Equal(t, 0, r.code)
	require.Equal(t, maxShownInvalid, strings.Count(r.err, "d.csv:"))
	require.Contains(t, r.err, "and 5 more values that could not be used")
	_, r = scores(t, "d.csv", "id,employees\n"+manyRows(), "-quiet")
	require.Empty(t, r.err)
}

// broken is a file that breaks off with an error of the disk.
type broken struct{ io.Reader }

func (b broken) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

func TestReadThatFails(t *testing.T) {
	for _, data := range []string{"id,employees\na,12\n", `{"id":"a"}` + "\n", `[{"id":"a"}`} {
		l := loadText(t, plainRules)
		c := &command{stdin: broken{strings.NewReader(data)}}
		input := &input{c: c, files: []string{"-"}, reads: []*loaded{l}, key: "id", comma: ',', joins: &joins{}, header: func(string, []string) {}}
		n := 0
		for range input.each {
			n++
		}
		require.ErrorIs(t, input.failed, io.ErrUnexpectedEOF, data)
		require.Positive(t, n)
	}
}

func loadText(t *testing.T, src string) *loaded {
	t.Helper()
	c := &command{stdin: strings.NewReader(src), stderr: io.Discard}
	l, err := c.load("-")
	require.NoError(t, err)
	return l
}

// FuzzTables holds what the package tables makes of a CSV file equal to what
// this command does.
func FuzzTables(f *testing.F) {
	for _, seed := range []string{"id,employees,country\na,5,US\n", "id,stack,ok,seen\na,x;y,TRUE,2026-10-01\nb,\"x\ny\",no,soon\nc\n",
		"id,prev_tier,refreshed,refreshed.employees,employees\n a ,top,2026-10-01,,1e3\nb,,soon,,+5.\n,1,1,1,1\n"} {
		f.Add(seed)
	}
	f.Add("")
	f.Add("\ufeff\n\r\n")
	f.Add("PK\x03\x04,id\n1,a\n")
	f.Fuzz(func(t *testing.T, text string) {
		if isForeign(text) {
			return // the command alone knows files of other forms: TestCSVThatCannotBeRead
		}
		l := loadText(t, plainRules)
		in := &input{c: &command{stdin: strings.NewReader(text)}, files: []string{"-"}, reads: []*loaded{l}, form: "csv", key: "id", comma: ',', joins: &joins{}, header: func(string, []string) {}}
		var want []accountscore.Result
		bad := 0
		for it := range in.each {
			if it.err != nil {
				bad++
				continue
			}
			want = append(want, l.model.Score(it.accounts[0], sampleMoment))
		}
		failed := false
		var got []accountscore.Result
		for table, err := range tables.CSV(l.model, strings.NewReader(text), tables.Rows(2)) {
			var fault *tables.LineError
			if errors.As(err, &fault) {
				bad--
				continue
			}
			if failed = err != nil; failed {
				break
			}
			scores, err := l.model.ScoreTable(t.Context(), table, sampleMoment, accountscore.Workers(1))
			require.NoError(t, err)
			for i := range scores.Len() {
				got = append(got, scores.Row(i))
			}
		}
		if failed && in.failed == nil {
			// Of a file without a header the command says, at its end, that there is no
			// account.
			require.Empty(t, strings.Trim(text, "\ufeff\r\n"))
			require.Zero(t, len(want)+bad)
			return
		}
		require.Equal(t, in.failed != nil, failed)
		if !failed {
			require.Zero(t, bad)
			require.Equal(t, want, got)
		}
	})
}

func FuzzJSON(f *testing.F) {
	for _, seed := range []string{"{\"id\":\"a\"}\n", "[{\"id\":\"a\"},\n{}]", "{\n\"id\":\"a\"}", "[", "{", "[1]x", "\xff\xfe{\x00}\x00", "\x1f\x8b{}"} {
		f.Add(seed)
	}
	rs, err := accountscore.Parse("r", []byte(plainRules))
	require.NoError(f, err)
	l := &loaded{name: "r", rules: rs, model: accountscore.MustCompile(rs)}
	f.Fuzz(func(t *testing.T, text string) {
		input := &input{c: &command{stdin: strings.NewReader(text)}, files: []string{"-"}, reads: []*loaded{l}, form: "json", joins: &joins{}, header: func(string, []string) {}}
		last := 0
		for it := range input.each {
			if it.line < last {
				t.Fatalf("line %d after line %d", it.line, last)
			}
			last = it.line
		}
		// Faults of lines stand with the lines: only a file that is no such text at all
		// fails as a whole.
		if failed := input.failed != nil; failed != isForeign(text) {
			t.Fatalf("of %q: %v", text, input.failed)
		}
	})
}

func isForeign(text string) bool {
	return foreign(bufio.NewReader(strings.NewReader(text))) != nil
}
