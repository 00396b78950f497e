package accountscore

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/accountscore/accountscore/dsl"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// boundEdges has a ruleset of any size for each bound that can be lowered: one that
// asks for n is legal where n are allowed. The fault of one that asks for more
// than few stands at a place.
var boundEdges = []struct {
	limit string
	most  int
	few   int
	more  int // the next size; zero: 1 more
	src   func(n int) string
	at    string
}{
	{"Source", dsl.MaxSource, 40, 0, func(n int) string { return "a > 1 → +1 #" + strings.Repeat("x", n-len("a > 1 → +1 #")) }, "1:39"},
	{"Rules", dsl.MaxRules, 3, 0, func(n int) string { return strings.Repeat("a → 1\n", n) }, "4:1"},
	{"Group", dsl.MaxGroup, 3, 0, func(n int) string { return "best of {\n" + strings.Repeat(" a → 1\n", n) + "}" }, "5:2"},
	{"Statements", dsl.MaxStatement, 10, 0, func(n int) string {
		var b strings.Builder
		for i := range n - 2 { // the rule and its dimension are two
			fmt.Fprintf(&b, "field f%d number\n", i)
		}
		return b.String() + "f0 > 1 → +1\n"
	}, "10:1"},
	{"Formula", dsl.MaxFormula, 20, 0, func(n int) string {
		return "field a text\na contains \"" + strings.Repeat("x", n-len(`a contains ""`)) + "\" → 1"
	}, "2:1"},
	{"Nesting", dsl.MaxNesting, 6, 0, func(n int) string { return strings.Repeat("(", n-1) + "a" + strings.Repeat(")", n-1) + " → 1" }, "1:1"},
	{"Nodes", dsl.MaxNodes, 6, 2, func(n int) string { return "!a" + strings.Repeat(" or a", n/2-1) + " → 1" }, "1:1"},
	{"Items", dsl.MaxItems, 20, 0, func(n int) string {
		const size = 10_000
		src := "field a text\nparam p = [" + listed(size, "x%d") + "]\n" + strings.Repeat("a in p → +1\n", n/size)
		if n%size > 0 {
			src += "a in [y" + strings.Repeat(", y", n%size-1) + "] → +1\n"
		}
		return src
	}, "3:6"},
	{"Patterns", dsl.MaxPatterns, 50, 0, func(n int) string {
		var b strings.Builder
		b.WriteString("field a text\n")
		for i := 0; n > 0; i++ {
			k := min(n, 3_000)
			fmt.Fprintf(&b, "a matches \"%s\" → +1\n", fmt.Sprintf("%06d", i)[:min(k, 6)]+strings.Repeat("x", max(0, k-6)))
			n -= k
		}
		return b.String()
	}, "2:11"},
	{"Grades", dsl.MaxGrades, 20, 0, func(n int) string {
		var steps []string
		for i := range n - 1 { // and that there is none
			steps = append(steps, fmt.Sprintf("%d+: g%d", n-i, i))
		}
		return "dimension d {\n a → 1\n}\ngrades d { " + strings.Join(steps, ", ") + " }"
	}, "4:1"},
	{"HalfLives", dsl.MaxHalfLives, 210, 21, func(n int) string {
		days := n / 21
		return fmt.Sprintf("activity v\neach v → +1 half-life %dd\neach v → +1 half-life %dd", days/2-1, days-days/2+1)
	}, "3:1"},
	{"Done", dsl.MaxDone, 7, 0, func(n int) string {
		return fmt.Sprintf("activity v\nany(v) → +1\ncase \"a\" {\n did v x %d\n did v\n expect score 1\n}", n-1)
	}, "5:2"},
	{"Work", dsl.MaxWork, 200, 0, worked, "26:1"},
	{"CaseWork", 0, 100, 0, func(n int) string { // what is published takes seconds: BenchmarkWorst
		return fmt.Sprintf("activity v\ncount(v) > 1 → +1\ncase \"a\" {\n did v x %d\n expect score 1\n}", n-3)
	}, "3:1"},
}

// worked is a ruleset whose conditions, and what they read through a let, have
// n parts.
func worked(n int) string {
	fields := min(400, n/20)
	var b strings.Builder
	sum := make([]string, fields)
	for i := range fields {
		sum[i] = fmt.Sprintf("f%d", i)
		fmt.Fprintf(&b, "field f%d number\n", i)
	}
	fmt.Fprintf(&b, "field a bool\nlet t = %s\n", strings.Join(sum, "+"))
	left := n - (2*fields - 1)
	for each := fields + 3; left >= each+3; left -= each {
		b.WriteString("t > 1 → +1\n")
	}
	return b.String() + "a" + strings.Repeat(" or a", left-2) + " → +1\n"
}

// limitErrors compiles a text and gives its errors.
func limitErrors(t *testing.T, src string, opts ...Option) []*dsl.Error {
	t.Helper()
	rs, err := Parse("edge.rules", []byte(src))
	if err == nil {
		_, err = Compile(rs, opts...)
	}
	var list dsl.ErrorList
	if err != nil {
		require.ErrorAs(t, err, &list)
	}
	return list
}

// TestBounds holds every bound at its edge and past it, as it is published and
// as it is lowered.
func TestBounds(t *testing.T) {
	var names []string
	for _, e := range boundEdges {
		names = append(names, e.limit)
		more := max(1, e.more)
		t.Run(e.limit, func(t *testing.T) {
			var l Limits
			reflect.ValueOf(&l).Elem().FieldByName(e.limit).SetInt(int64(e.few))
			require.Empty(t, limitErrors(t, e.src(e.few), WithLimits(l)))
			errs := limitErrors(t, e.src(e.few+more), WithLimits(l))
			require.Len(t, errs, 1)
			assert.Equal(t, dsl.CodeLimit, errs[0].Code)
			assert.Equal(t, e.at, errs[0].Pos.String(), errs[0])
			assert.NotEmpty(t, errs[0].Fix)
			assert.Equal(t, "edge.rules", errs[0].File)
			require.Empty(t, limitErrors(t, e.src(e.few+more)), "without the limit")
			if e.most == 0 {
				return
			}
			most := e.most - e.most%more
			require.Empty(t, limitErrors(t, e.src(most)))
			errs = limitErrors(t, e.src(most+more))
			require.NotEmpty(t, errs)
			for _, err := range errs {
				assert.Equal(t, dsl.CodeLimit, err.Code)
				assert.True(t, err.Pos.IsValid())
			}
		})
	}
	var limits []string
	for _, f := range reflect.VisibleFields(reflect.TypeFor[Limits]()) {
		limits = append(limits, f.Name)
	}
	assert.ElementsMatch(t, limits, names)
}

// TestFurtherBounds are those that nobody lowers.
func TestFurtherBounds(t *testing.T) {
	chain := func(items int) string { // each item asks x again
		return "field x number\nx in [(x) + 1" + strings.Repeat(", x + 1", items-1) + "] → +1"
	}
	pattern := func(n int) string { return "field a text\na matches \"" + strings.Repeat("x{1000}", n) + "\" → +1" }
	for _, tt := range []struct {
		name, at, past string
		code           dsl.Code
		place          string
	}{
		{"MaxPoints", "a → 1000000", "a → 1000001", dsl.CodeValue, "1:5"},
		{"MaxPoints, negative", "a → -1000000", "a → -1000001", dsl.CodeValue, "1:5"},
		{"MaxPattern", pattern(4), pattern(5), dsl.CodeLimit, "2:11"},
		{"MaxExpanded", chain(100), "field x number\nfield y number\n" + strings.Repeat("(1 < ", 14) + "x" + strings.Repeat(" < y ? 1 : 2)", 14) + " > 1 → +1", dsl.CodeLimit, "3:1"},
	} {
		require.Empty(t, limitErrors(t, tt.at), tt.name)
		errs := limitErrors(t, tt.past)
		require.Len(t, errs, 1, tt.name)
		assert.Equal(t, tt.code, errs[0].Code, tt.name)
		assert.Equal(t, tt.place, errs[0].Pos.String(), tt.name)
	}
	errs := limitErrors(t, strings.Repeat("a > → 1\n", dsl.MaxErrors))
	assert.Len(t, errs, dsl.MaxErrors)
	assert.Len(t, limitErrors(t, strings.Repeat("a > → 1\n", 2*dsl.MaxErrors)), dsl.MaxErrors)
	_, err := dsl.ReadJSON([]byte(`{"name": "x"` + strings.Repeat(" ", dsl.MaxJSON-len(`{"name": "x"}`)) + "}"))
	assert.NoError(t, err)
	_, err = dsl.ReadJSON([]byte(`{"name": "x"` + strings.Repeat(" ", dsl.MaxJSON) + "}"))
	var one *dsl.Error
	require.ErrorAs(t, err, &one)
	assert.Equal(t, dsl.CodeLimit, one.Code)
}

// TestLimitsAtOnce: every place beyond a limit is told, with what else is wrong.
func TestLimitsAtOnce(t *testing.T) {
	rs, err := Parse("tenant.rules", []byte("a > 1 and b > 2 and c > 3 → +1\na > 1 → +1\na > 1 or b > 2 or c > 3 or d > 4 → +1\na > wanted → +1\n"))
	require.NoError(t, err)
	_, err = Compile(rs, WithLimits(Limits{Rules: 3, Nodes: 7, Nesting: 1_000, Done: -1}))
	var list dsl.ErrorList
	require.ErrorAs(t, err, &list)
	var got []string
	for _, e := range list {
		got = append(got, fmt.Sprintf("%s:%s %s", e.File, e.Pos, e.Code))
	}
	assert.Equal(t, []string{"limit Done:- limit", "limit Nesting:- limit", "tenant.rules:1:1 limit", "tenant.rules:3:1 limit", "tenant.rules:4:1 limit", "tenant.rules:4:5 param"}, got)
	assert.Contains(t, list[1].Message, "Nesting is 1000; the published bound is 64")
}

// TestLowerLimits: a later option does not lift what an earlier one holds down.
func TestLowerLimits(t *testing.T) {
	rs, err := Parse("tenant.rules", []byte("a > 1 → +1\na > 2 → +1\n"))
	require.NoError(t, err)
	for _, opts := range [][]Option{
		{WithLimits(Limits{Rules: 1}), WithLimits(Limits{Work: 1000})},
		{WithLimits(Limits{Rules: 1}), WithLimits(Limits{Rules: 2})},
		{WithLimits(Limits{Rules: 2}), WithLimits(Limits{Rules: 1})},
	} {
		_, err := Compile(rs, opts...)
		var fault *dsl.Error
		require.ErrorAs(t, err, &fault)
		assert.Equal(t, dsl.CodeLimit, fault.Code)
	}
}

// TestLimitsWithoutText: a ruleset that has no text is held to the same.
func TestLimitsWithoutText(t *testing.T) {
	rs, err := Parse("tenant.rules", []byte("a > 1 and b > 2 → +1 \""+strings.Repeat("x", 100)+"\"\na > 1 → +1\n"))
	require.NoError(t, err)
	wire, err := json.Marshal(rs)
	require.NoError(t, err)
	var plain Ruleset
	require.NoError(t, json.Unmarshal(wire, &plain))
	_, err = Compile(&plain, WithLimits(Limits{Source: 100, Rules: 1, Nodes: 3, Work: 3}))
	var list dsl.ErrorList
	require.True(t, errors.As(err, &list))
	for _, e := range list {
		assert.Equal(t, dsl.CodeLimit, e.Code)
		assert.NotEmpty(t, e.File)
	}
	assert.Len(t, list, 3, "%v", err)
	huge := &Ruleset{Dimensions: []dsl.Dimension{{Name: "d", Items: make([]dsl.Item, 60_000)}}}
	for i := range huge.Dimensions[0].Items {
		huge.Dimensions[0].Items[i].Rule = &dsl.Rule{When: F("a > 1"), Points: 1}
	}
	_, err = Compile(huge)
	require.ErrorAs(t, err, &list)
	assert.Equal(t, dsl.CodeLimit, list[0].Code)
}
