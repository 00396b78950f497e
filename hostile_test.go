package accountscore

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/accountscore/accountscore/dsl"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// hostile is texts that crash, hang or exhaust careless readers.
func hostile() map[string]string {
	const mega = 1 << 20
	texts := map[string]string{
		"million rules":         strings.Repeat("a>1→1\n", mega/9),
		"many rules":            strings.Repeat("a > 1 → +1\n", 20_000),
		"one huge line":         "a > 1" + strings.Repeat(" and a > 1", mega/12) + " → +1",
		"huge list":             "a in [" + strings.Repeat("1,", mega/3) + "1] → +1",
		"huge text":             `a = "` + strings.Repeat("x", mega) + `" → +1`,
		"unclosed text":         `a = "` + strings.Repeat("x\n", mega/4),
		"huge number":           "a > " + strings.Repeat("9", 400) + " → +1",
		"huge exponent":         "a > 1e" + strings.Repeat("9", 400) + " → +1",
		"tiny number":           "a > 0." + strings.Repeat("0", 400) + "1 → +1",
		"NUL":                   "a > 1\x00 → +1",
		"bad UTF-8":             "a > \xff\xfe 1 → +1",
		"string bomb":           `any(x, # + # + # + # == "") → +1`,
		"reduce bomb":           `reduce(1..26, #acc + #acc, "aaaaaaaa") == "a" → +1`,
		"range bomb":            `len(1..1000000000) > 1 → +1`,
		"repeat bomb":           `repeat("a", 1000000000) == "" → +1`,
		"nested predicates":     strings.Repeat("any(x, ", 500) + "true" + strings.Repeat(")", 500) + " → +1",
		"nested maps":           strings.Repeat("any(map(x, ", 30) + "# == 1" + strings.Repeat("), true)", 30) + " → +1",
		"regexp bomb":           `a matches "` + strings.Repeat("(a{1,900}){1,900}", 3) + `" → +1`,
		"ternary tower":         strings.Repeat("a ? b : ", 100_000) + "c → +1",
		"not tower":             strings.Repeat("not ", 100_000) + "a → +1",
		"long name":             strings.Repeat("a", mega) + " → +1",
		"blocks":                strings.Repeat("dimension d {\n", 10_000),
		"cases":                 strings.Repeat("case \"x\" { contact y {\n", 10_000),
		"too large":             strings.Repeat("# comment\n", 2*mega/10),
		"fuse of lets":          fuse(),
		"huge repetition":       "activity v\ncase \"c\" {\n did v x 999999999999\n expect score 0\n}\ncount(v) > 1 → +1",
		"bidi and control":      "a > 1 \u202e → +1 \u0007",
		"lone surrogate escape": `a = "\ud800" → +1`,
	}
	for _, c := range []string{"(", "!", "[", "{", "-", "not ", "a ? ", "\"", "'", "`", ",", "\n", "a(", "+", "#", "a.", "→", "?", "}", ")", "best of {", "in [", "[[", "??", "$", "\t", "é", "<", "%", "0", "1-", "..", "/", ";", "case x {"} {
		texts["a megabyte of "+c] = strings.Repeat(c, mega/len(c))
		texts["a rule of "+c] = "x > " + strings.Repeat(c, 2000) + " → +1"
	}
	return texts
}

// TestTextBomb: lets that double a text have no value once it is too long.
func TestTextBomb(t *testing.T) {
	var b strings.Builder
	b.WriteString("field t0 text\n")
	for i := 1; i <= 40; i++ {
		fmt.Fprintf(&b, "let t%d = t%d + t%d\n", i, i-1, i-1)
	}
	b.WriteString("len(t40) > 5 → +1\nlen(t5) > 5 → +10\n")
	m := compile(t, b.String())
	r := m.Score(Account{Fields: map[string]any{"t0": "aaaaaaaa"}}, testMoment)
	assert.Equal(t, 10.0, r.Score)
	assert.Equal(t, 1, r.Unknown)
	r = m.Score(Account{Fields: map[string]any{"t0": strings.Repeat("a", 1<<22)}}, testMoment)
	assert.Equal(t, 2, r.Unknown)
}

// TestNestedTernaries: what is possible is worked out once for each part.
func TestNestedTernaries(t *testing.T) {
	src := "a"
	for range 30 {
		src = "(" + src + " > 1 ? 1 : 2)"
	}
	m := compile(t, src+" > 1 → +1\n"+strings.Replace(src, "> 1", "= 1", 1)+" between 1 and 2 → +1\n")
	start := time.Now()
	r := m.Score(Account{}, testMoment)
	assert.Equal(t, 2, r.Unknown)
	assert.Less(t, time.Since(start), 20*time.Second)
}

// fuse is lets that double their cost with each line, if they are expanded.
func fuse() string {
	var b strings.Builder
	b.WriteString("field a number\nlet x0 = a + a\n")
	for i := 1; i < 200; i++ {
		fmt.Fprintf(&b, "let x%d = x%d + x%d\n", i, i-1, i-1)
	}
	b.WriteString("x199 > 1 → +1\n")
	return b.String()
}

// TestHostileText: every text gets an answer in well under a second, and an
// error is short, placed and coded.
func TestHostileText(t *testing.T) {
	for name, src := range hostile() {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			rs, err := Parse("hostile.rules", []byte(src))
			var m *Model
			if err == nil {
				m, err = Compile(rs)
			}
			if m != nil {
				r := m.Score(Account{Fields: map[string]any{"a": 1.0}}, testMoment)
				assert.LessOrEqual(t, r.Low, r.High)
				m.Score(Account{}, testMoment)
			}
			// Only a hang takes so long, even on a busy machine under the race
			// detector.
			assert.Less(t, time.Since(start), 30*time.Second)
			if err == nil {
				return
			}
			assert.Less(t, len(err.Error()), 4<<10)
			assert.True(t, strings.HasPrefix(err.Error(), "hostile.rules:"), "%.80s", err)
			var one *dsl.Error
			require.True(t, errors.As(err, &one))
			assert.NotEmpty(t, one.Code)
			assert.Positive(t, one.Pos.Line)
		})
	}
}

// TestHostileData: no value of an account can do harm.
func TestHostileData(t *testing.T) {
	m := compile(t, randomDeclarations+engagement(threaded)+`
dimension d {
  employees > 1 → +1 per employees
  industry contains "x" → +1
  stack has any [x] → +1
  funded within 30d → +1
  each visit → +5 per value half-life 3d
  sum(visit) > 3 → +1
}`)
	var loop any
	loop = &loop
	type named struct{ X *int }
	for _, v := range []any{
		math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, -math.MaxFloat64, int64(math.MaxInt64), uint64(math.MaxUint64), int8(-128),
		"", " \t", "\x00", "\xff", strings.Repeat("x", 1<<20), loop, named{}, &named{}, (*int)(nil), []any{nil, 1}, []any{loop}, []int{1},
		map[string]any{"a": 1}, make(chan int), func() {}, complex(1, 2), time.Time{}, time.Unix(1<<60, 0), [3]string{}, error(nil), errors.New("x"),
	} {
		a := Account{ID: "x", Fields: map[string]any{}, Contacts: []Contact{{Fields: map[string]any{}}}}
		for _, f := range append(randomFields, "seniority", "lead_score", "last_active") {
			a.Fields[f] = v
			a.Contacts[0].Fields[f] = v
		}
		f, _ := v.(float64)
		at, _ := v.(time.Time)
		a.Activities = []Activity{{Type: "visit", At: at, Value: f, Fields: a.Fields}, {Type: "visit", At: testMoment, Value: f}}
		a.Contacts[0].Activities = a.Activities
		r := m.Score(a, testMoment)
		assert.False(t, math.IsNaN(r.Score) || math.IsInf(r.Score, 0))
		assert.LessOrEqual(t, r.Low, r.Score)
		assert.LessOrEqual(t, r.Score, r.High)
		err := m.Check(a)
		assert.Equal(t, r.Invalid > 0, err != nil, "%T", v)
		m.Score(a, at)
		m.Explain(a, testMoment).Text()
	}
}
