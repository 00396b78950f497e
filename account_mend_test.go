package accountscore

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestMend states what people are told to write for a value that their field
// cannot use. None of it changes a score: each value stays invalid.
func TestMend(t *testing.T) {
	m := compile(t, `field n number from "Annual Revenue"
field few number one of [1, 2]
field text text
field stage text one of [Won, Lost]
field b bool
field tags list
field kinds list one of [CRM, EHR]
field day time
n > 1 or few > 1 or text = A or stage = Won or b or tags has any [x] or kinds has any [CRM] or day within 3d → +1
`)
	bob := "Bob"
	for _, c := range []struct {
		field string
		v     any
		got   string
		fix   string
	}{
		{"Annual Revenue", "1,200", `the text "1,200"`, "write 1200"},
		{"Annual Revenue", "$5M", `the text "$5M"`, "write 5000000"},
		{"Annual Revenue", " 1.15 million ", `the text " 1.15 million "`, "write 1150000"},
		{"Annual Revenue", "€ 1.200.000,50", `the text "€ 1.200.000,50"`, "write 1200000.5"},
		{"Annual Revenue", "USD 1,234,567.8", `the text "USD 1,234,567.8"`, "write 1234567.8"},
		{"Annual Revenue", "12,5", `the text "12,5"`, "write 12.5"},
		{"Annual Revenue", "1 200", `the text "1 200"`, "write 1200"},
		{"Annual Revenue", "1'200.5 EUR", `the text "1'200.5 EUR"`, "write 1200.5"},
		{"Annual Revenue", "-3k", `the text "-3k"`, "write -3000"},
		{"Annual Revenue", "10,000+", `the text "10,000+"`, "write 10000"},
		{"Annual Revenue", "51-200", `the text "51-200"`, "write one number, such as 51"},
		{"Annual Revenue", "1,001 – 5,000", `the text "1,001 – 5,000"`, "write one number, such as 1001"},
		{"Annual Revenue", "12%", `the text "12%"`, "write 12, or a hundredth of it where the rules compare with a percentage"},
		{"Annual Revenue", "5", `the text "5"`, "write 5 without quotes"},
		{"Annual Revenue", "N/A", `the text "N/A"`, "leave it empty, or null, where it is not known"},
		{"Annual Revenue", "many", `the text "many"`, "write a plain number such as 1200, or declare the field text"},
		{"Annual Revenue", "0x20", `the text "0x20"`, "write a plain number such as 1200, or declare the field text"},
		{"Annual Revenue", "9.9.9", `the text "9.9.9"`, "write a plain number such as 1200, or declare the field text"},
		{"Annual Revenue", strings.Repeat("9", 60), `the text "` + strings.Repeat("9", 60) + `"`, "write a plain number such as 1200, or declare the field text"},
		{"Annual Revenue", json.Number("12345678901234567890"), "the number 12345678901234567890", "numbers go to 9007199254740992; declare the field text where it is an id"},
		{"Annual Revenue", json.Number("1e999"), "the number 1e999", "leave it empty, or null, where it is not known"},
		{"Annual Revenue", math.NaN(), "NaN", "leave it empty, or null, where it is not known"},
		{"Annual Revenue", true, "true", "write a number, or declare the field bool"},
		{"Annual Revenue", []any{1.0, 2.0}, "a list of 2 values with the number 1 in it", "write a single number"},
		{"Annual Revenue", map[string]any{"a": 1}, "an object of 1 key", "write a single number"},
		{"few", 3, "the number 3", "write one of those, or add it to them"},
		{"text", json.Number("94105"), "the number 94105", `write "94105", in quotes, or declare the field number`},
		{"text", false, "false", `write "false", in quotes, or declare the field bool`},
		{"text", []any{"a"}, "a list of 1 value", "write a single text, or declare the field list"},
		{"stage", "won", `the text "won"`, `did you mean "Won"?`},
		{"stage", "Open", `the text "Open"`, `write one of those, or add "Open" to them`},
		{"stage", &bob, `the text "Bob"`, `write one of those, or add "Bob" to them`},
		{"stage", "n/a", `the text "n/a"`, "leave it empty, or null, where it is not known"},
		{"b", "Yes", `the text "Yes"`, "write true"},
		{"b", "0", `the text "0"`, "write false"},
		{"b", 1, "the number 1", "write true"},
		{"b", "maybe", `the text "maybe"`, "write true or false"},
		{"tags", "a; b,c", `the text "a; b,c"`, `write ["a", "b", "c"]`},
		{"tags", 5, "the number 5", `write ["5"]`},
		{"tags", []any{"a", json.Number("5")}, "a list of 2 values with the number 5 in it", "write texts in quotes, between [ and ]"},
		{"kinds", []any{"CRM", "ehr"}, "a list of 2 values", `"ehr" is none of those: did you mean "EHR"?`},
		{"day", "01.10.2026", `the text "01.10.2026"`, "write 2026-10-01"},
		{"day", "10/31/2026", `the text "10/31/2026"`, "write 2026-10-31"},
		{"day", "1/10/2026", `the text "1/10/2026"`, "write 2026-10-01 or 2026-01-10"},
		{"day", "2026-10-01 08:30:00", `the text "2026-10-01 08:30:00"`, "write 2026-10-01T08:30:00Z"},
		{"day", json.Number("1790812800"), "the number 1790812800", "write 2026-10-01T00:00:00Z"},
		{"day", int64(1790812800000), "the number 1790812800000", "write 2026-10-01T00:00:00Z"},
		{"day", "soon", `the text "soon"`, "write a date such as 2026-10-01, or RFC 3339 such as 2026-10-01T08:00:00Z"},
	} {
		a := Account{ID: "acme", Fields: map[string]any{c.field: c.v}}
		var d *DataError
		require.True(t, errors.As(m.Check(a), &d), c.v)
		assert.Equal(t, c.got, d.Got, c.v)
		assert.Equal(t, c.fix, d.Fix, c.v)
		assert.Equal(t, 1, m.Score(a, testMoment).Invalid)
	}
	assert.EqualError(t, m.Check(Account{ID: "acme", Fields: map[string]any{"Annual Revenue": "1,200"}}),
		`account "acme": field n (from "Annual Revenue"): wanted a number, got the text "1,200": write 1200`)
}

// TestMendHostile: no value hangs or crashes the answer, nor makes it long.
func TestMendHostile(t *testing.T) {
	m := compile(t, "field n number\nfield s text one of [a]\nfield b bool\nfield l list\nfield d time\nn > 1 or s = a or b or l has any [x] or d within 3d → +1\n")
	var loop any
	loop = &loop
	list := []any{1.0, nil}
	list[1] = &list
	for _, v := range []any{loop, list, &list, strings.Repeat("1,", 1<<20), strings.Repeat("é", 1<<20), strings.Repeat("1-", 1<<16), json.Number(strings.Repeat("9", 1<<20)),
		json.Number("x"), math.Inf(-1), struct{}{}, make(chan int), []byte("x"), time.Time{}, uint64(math.MaxUint64), [2]int{}} {
		for _, field := range []string{"n", "s", "b", "l", "d"} {
			err := m.Check(Account{Fields: map[string]any{field: v}})
			if err != nil {
				assert.Less(t, len(err.Error()), 1500)
			}
		}
	}
}
