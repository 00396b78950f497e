package dsl

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// hostileParts are repeated up to the bound of a ruleset's size.
var hostileParts = []string{
	"(", "[", "{", "!", "-", "+", "not ", "a ? ", "a ? b : ", "a ?? ", "\"", "'", "`", "``", ",", ";", "\n", "\r", " ", "\t", "#", "//", "/*", ":", "→", "=>", ".", "..", "$", "@", "@~", "\\",
	"\"\\", "(\"\\\"", "[\"", "['a", "[(", "[(\"\\\"", "[a,", "[,", "[a\n", "[#", "[ # \n", "[] ", "[a] → ", "[`", "((a)", "f(", "any(list, ", "any(list, {", "a in (", "a in [(x in ", "a[", "a.", "a(b)", "}", "{\n", "{}\n", "]", ")",
	"a and ", "a or\n", "a < ", "a = ", "a + ", "a in ", "a in b-", "a between b and ", "a is not ", "does not ", "1", "1,111,", "1,", "1_", "1e", "1.", "0x", "5 million ", "2026-10-01", "2026-10-01T", "9d ", "9 months ",
	"max 5\n", "per a\n", "else\n", "\"x\"\n", "play\n", "and\n", "a → 1\n", "a → 1;", "a → \n", "a → { ", "a → { 1: 2,\n", "a → 0..", "each a → 1 ", "x: ", "x:\n", "best of {\n", "best of { a → 1 }\n", "sum of ", "scale 1 when ",
	"dimension a {\n", "dimension a from contacts {\n", "dimension a {}\n", "tiers {\n", "tiers a { b otherwise }\n", "tiers { a when ", "case \"x\" {\n", "case \"x\" { contact a { ", "grades a { 1: b }\n", "trigger a when tier rises\n", "ruleset \"a\"\n", "field a text\n", "field a text one of [", "activity a, ", "activity a (b text, ", "param a = [b, ", "param a = a ", "param a = a-", "let a = b\n", "expect a 1, ",
	"“", "’", "\u00a0", "\u200b", "é", "ÿ\n", "x\u0301", "日本", "→→", "–", "— ", "\ufeff", "\u2028", "é.grade", "a.grade.grade",
}

// hang is what only a text that hangs takes, on a busy machine under the race
// detector too: what grows with the square of a megabyte takes minutes.
const hang = 10 * time.Second

// quick tells whether f ends before a hang.
func quick(f func()) bool {
	begin := time.Now()
	f()
	return time.Since(begin) < hang
}

// No text takes long, and every one gives errors that are short. Those that
// stand for a kind of reading, such as lists, names or blocks, go up to the
// bound of a ruleset's size; the others show by a smaller one that they end.
func TestHostileTexts(t *testing.T) {
	whole := map[string]bool{"(": true, "[a,": true, "\"": true, "\n": true, "a and ": true, "1,111,": true, "a → 1\n": true, "a → { 1: 2,\n": true, "best of { a → 1 }\n": true, "dimension a {\n": true, "a b\n": true, "é.grade": true, "#": true}
	for _, part := range hostileParts {
		for _, before := range []string{"", "a > 5 and ", "dimension d {\n", "param p = ["} {
			size := MaxSource / 64
			if before == "" && whole[part] && !testing.Short() {
				size = MaxSource
			}
			src := []byte(before + strings.Repeat(part, (size-len(before))/len(part)))
			assert.True(t, quick(func() {
				_, errs := Parse("x.rules", src)
				assert.LessOrEqual(t, len(errs), MaxErrors+1)
				assert.Less(t, len(errs.Error()), 4<<10)
			}), "%q after %q", part, before)
		}
	}
}

func TestHostileFormulas(t *testing.T) {
	for _, part := range hostileParts {
		for _, size := range []int{MaxFormula, MaxSource} {
			text := strings.Repeat(part, size/len(part))
			assert.True(t, quick(func() {
				_, errs := ParseFormula(Formula{Text: text}, "made", "")
				assert.LessOrEqual(t, len(errs), 1)
				if len(text) > MaxFormula {
					require.Len(t, errs, 1)
					assert.Equal(t, CodeLimit, errs[0].Code)
				}
			}), "%q", part)
		}
	}
}

func TestBounds(t *testing.T) {
	chain := func(n int) string { return "a" + strings.Repeat(" or a", n-1) }
	rules := func(n int) string { return strings.Repeat("a → 1\n", n) }
	tests := []struct {
		name, src string
		code      Code
	}{
		{"64 parentheses", strings.Repeat("(", 64) + "a" + strings.Repeat(")", 64) + " → 1", CodeLimit},
		{"63 parentheses", strings.Repeat("(", 63) + "a" + strings.Repeat(")", 63) + " → 1", CodeNone},
		{"65 negations", strings.Repeat("!", 65) + "a → 1", CodeLimit},
		{"63 negations", strings.Repeat("!", 63) + "a → 1", CodeNone},
		{"65 words not", strings.Repeat("not ", 65) + "a → 1", CodeLimit},
		{"65 ternaries", strings.Repeat("a ? b : ", 65) + "c → 1", CodeLimit},
		{"60 ternaries", strings.Repeat("a ? b : ", 60) + "c → 1", CodeNone},
		{"500 alternatives", chain(500) + " → 1", CodeNone},
		{"501 alternatives", chain(501) + " → 1", CodeLimit},
		{"4 KiB", `a contains "` + strings.Repeat("x", MaxFormula-13) + `" → 1`, CodeNone},
		{"a byte more", `a contains "` + strings.Repeat("x", MaxFormula-12) + `" → 1`, CodeLimit},
		{"a long list", "a in [" + strings.Repeat("x, ", MaxFormula/3) + "x] → 1", CodeLimit},
		{"a long param", "param p = [" + strings.Repeat("x, ", 100_000) + "x]", CodeNone},
		{"10,000 rules", rules(MaxRules), CodeNone},
		{"10,001 rules", rules(MaxRules + 1), CodeLimit},
		{"1,000 rules of a group", "best of {\n" + rules(MaxGroup) + "}", CodeNone},
		{"1,001 rules of a group", "best of {\n" + rules(MaxGroup+1) + "}", CodeLimit},
		{"50,000 statements", strings.Repeat("let a = b\n", MaxStatement), CodeNone},
		{"50,001 statements", strings.Repeat("let a = b\n", MaxStatement+1), CodeLimit},
		{"1 MiB", "a → 1 #" + strings.Repeat("x", MaxSource-9), CodeNone},
		{"more than 1 MiB", "a → 1 #" + strings.Repeat("x", MaxSource), CodeLimit},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, errs := Parse("x.rules", []byte(test.src))
			if test.code == CodeNone {
				require.Empty(t, errs)
				return
			}
			require.Len(t, errs, 1)
			assert.Equal(t, test.code, errs[0].Code)
			assert.Less(t, len(errs[0].Error()), 1000)
		})
	}
}

// A chain and a list of expressions ask what they compare once for each
// comparison, so one inside another doubles what is looked at.
func TestDoublingConditions(t *testing.T) {
	for _, form := range []string{"(1 < %s < y ? 1 : 2)", "(%s between 1 and y ? 1 : 2)", "(%s in [(y), (y) + 1] ? 1 : 2)"} {
		src := "x"
		for range 40 {
			src = fmt.Sprintf(form, src)
		}
		rs, errs := Parse("x.rules", []byte("field x number\nfield y number\n"+src+" > 1 → 1"))
		require.Empty(t, errs)
		assert.True(t, quick(func() {
			_, errs = Check(rs, Bindings{})
		}))
		require.Len(t, errs, 1, form)
		assert.Equal(t, CodeLimit, errs[0].Code)
		assert.Equal(t, 3, errs[0].Pos.Line)
	}
}

// A reader gives up after so many faults.
func TestManyErrors(t *testing.T) {
	_, errs := Parse("x.rules", []byte(strings.Repeat("a > → 1\n", 5*MaxErrors)))
	assert.Len(t, errs, MaxErrors)
	assert.Contains(t, errs.Error(), fmt.Sprintf("and %d more errors", MaxErrors-maxShown))
}

func FuzzParse(f *testing.F) {
	f.Add(string(healthcare(f)))
	for _, test := range forms {
		f.Add(test.src)
	}
	for _, test := range mistakes {
		f.Add(test.src)
	}
	for _, part := range hostileParts {
		f.Add(strings.Repeat(part, 70))
	}
	f.Fuzz(func(t *testing.T, src string) {
		rs, errs := Parse("x.rules", []byte(src))
		require.NotNil(t, rs)
		for _, e := range errs {
			require.NotEmpty(t, e.Message)
			require.NotEmpty(t, e.Code)
			require.NotEmpty(t, e.Fix, "%v", e)
			require.True(t, e.Pos.IsValid() && e.Pos.Offset <= len(src))
		}
		rs.eachFormula(func(fm Formula) {
			n, errs := ParseFormula(fm, "x.rules", rs.Source)
			require.Empty(t, errs, "%q", fm.Text)
			require.Equal(t, shape(fm.parsed()), shape(n), "%q", fm.Text)
		})
	})
}

// eachFormula visits the conditions of rules, which are those of all forms.
func (rs *Ruleset) eachFormula(visit func(Formula)) {
	// A condition in another language is that language's to read.
	foreign := func(language string) bool {
		return language != "" || rs.Language != "" && rs.Language != RulesLanguage
	}
	rule := func(r *Rule) {
		for _, f := range []Formula{r.When, r.Of, r.Per} {
			if !f.IsZero() && !(foreign(r.Language) && f == r.When) {
				visit(f)
			}
		}
		if r.Signal != nil && !r.Signal.Where.IsZero() {
			visit(r.Signal.Where)
		}
	}
	for _, d := range rs.Dimensions {
		for _, item := range d.Items {
			if item.Rule != nil {
				rule(item.Rule)
				continue
			}
			for i := range item.Group.Rules {
				rule(&item.Group.Rules[i])
			}
		}
	}
	for _, tier := range rs.Tiers {
		if !tier.When.IsZero() && !foreign(tier.Language) {
			visit(tier.When)
		}
	}
}

func FuzzParseFormula(f *testing.F) {
	for _, test := range formulas {
		f.Add(test.text)
	}
	for _, part := range hostileParts {
		f.Add(strings.Repeat(part, 70))
	}
	f.Fuzz(func(t *testing.T, text string) {
		n, errs := ParseFormula(Formula{Text: text}, "made", "")
		if len(errs) > 0 {
			require.Nil(t, n)
			return
		}
		printed := printNode(n)
		if len(printed) > MaxFormula {
			return // it grew by the spaces
		}
		again, errs := ParseFormula(Formula{Text: printed}, "made", "")
		require.Empty(t, errs, "%q", printed)
		require.Equal(t, shape(n), shape(again), "%q", printed)
	})
}
