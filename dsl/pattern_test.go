package dsl

import (
	"fmt"
	"regexp/syntax"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const stacked = "((a{0,10}){0,10}){0,9}" // 22 bytes, 2,000 steps

// checkSource parses and checks a text that has no fault of syntax.
func checkSource(t *testing.T, src string) (*Checked, ErrorList) {
	t.Helper()
	rs, errs := Parse("x.rules", []byte(src))
	require.Empty(t, errs)
	return Check(rs, Bindings{Final: true})
}

func TestPatternBounds(t *testing.T) {
	for _, tt := range []struct {
		name, cond string
		code       Code
	}{
		{"plain", `x matches "^(VP|SVP) "`, CodeNone},
		{"stacked", `x matches "` + stacked + `"`, CodeNone},
		{"repeated", `x matches "(\\w{1,20}[.-]?){1,50}"`, CodeNone},
		{"Cyrillic", `x matches "(?i)^[а-яё-]+ [А-Я]"`, CodeNone},
		{"too large", `x matches "` + strings.Repeat(stacked, 6) + `"`, CodeLimit},
		{"thousands", `x matches "` + strings.Repeat("a{0,1000}", 400) + `"`, CodeLimit},
		{"classes", `x matches "[` + strings.Repeat(`\\pL`, 900) + `]"`, CodeLimit},
		{"wide ranges ignoring case", `x matches "(?i)[` + strings.Repeat(`B-\\x{1e942}`, 250) + `]"`, CodeLimit},
		{"wrong", `x matches "(a"`, CodeValue},
		{"wrong hexadecimal", `x matches "(?i)[a-\\x{fffffffffff}]"`, CodeValue},
		{"in a list function", `any(l, # matches "` + strings.Repeat(stacked, 6) + `")`, CodeLimit},
		{"wrong in a list function", `any(l, # matches "(a")`, CodeValue},
		{"in expr", `expr 'x matches "` + strings.Repeat(stacked, 6) + `"'`, CodeLimit},
		{"wrong in expr", `expr 'x matches "(a"'`, CodeValue},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, errs := checkSource(t, "field x text\nfield l list\n"+tt.cond+" → +1")
			if tt.code == CodeNone {
				require.Empty(t, errs)
				return
			}
			require.Len(t, errs, 1)
			assert.Equal(t, tt.code, errs[0].Code, "%v", errs[0])
			assert.NotEmpty(t, errs[0].Fix)
			assert.Equal(t, 3, errs[0].Pos.Line)
		})
	}
}

// All patterns together have a bound, which is reported once and at once; the
// same pattern counts once.
func TestPatternsTogether(t *testing.T) {
	many := func(line func(i int) string) string {
		var b strings.Builder
		b.WriteString("field x text\nfield l list\n")
		for i := range 2_000 {
			b.WriteString(line(i))
		}
		return b.String()
	}
	for _, tt := range []struct {
		name string
		line func(i int) string
		code Code
	}{
		{"one", func(int) string { return `x matches "` + stacked + "%\" → +1\n" }, CodeNone},
		{"small ones", func(i int) string { return fmt.Sprintf("x matches \"^(VP|SVP) %d\" → +1\n", i) }, CodeNone},
		{"large ones", func(i int) string { return fmt.Sprintf("x matches %q → +1\n", stacked+fmt.Sprint(i)) }, CodeLimit},
		{"list functions", func(i int) string { return fmt.Sprintf("any(l, # matches %q) → +1\n", stacked+fmt.Sprint(i)) }, CodeLimit},
		{"expr", func(i int) string { return fmt.Sprintf("expr 'x matches %q' → +1\n", stacked+fmt.Sprint(i)) }, CodeLimit},
	} {
		t.Run(tt.name, func(t *testing.T) {
			begin := time.Now()
			checked, errs := checkSource(t, many(tt.line))
			assert.Less(t, time.Since(begin), hang)
			if tt.code == CodeNone {
				require.Empty(t, errs)
				assert.Len(t, checked.nodes, 2_000)
				return
			}
			require.Len(t, errs, 1)
			assert.Equal(t, tt.code, errs[0].Code)
			assert.Contains(t, errs[0].Message, "together")
		})
	}
}

func TestPatternsAreMadeOnce(t *testing.T) {
	var p patterns
	first, err := p.compile(stacked)
	require.Nil(t, err)
	spent := p.spent
	again, err := p.compile(stacked)
	require.Nil(t, err)
	assert.Same(t, first, again)
	assert.Equal(t, spent, p.spent)
}

// patternSteps is near enough to what regexp makes of a pattern.
func TestPatternSteps(t *testing.T) {
	for _, pattern := range []string{"a", "abc", "", "^(VP|SVP) ", stacked, "a{3,}", "(a{2}b){5,9}", `[a-z]+@\w+\.com`, "(?i)straße", "a*?|b+|c?", strings.Repeat("(ab{0,3})", 20)} {
		re, err := syntax.Parse(pattern, syntax.Perl)
		require.NoError(t, err)
		prog, err := syntax.Compile(re.Simplify())
		require.NoError(t, err)
		made := len(prog.Inst)
		assert.LessOrEqual(t, made, 3*patternSteps(re)+2, pattern)
		assert.LessOrEqual(t, patternSteps(re), 3*made, pattern)
	}
}
