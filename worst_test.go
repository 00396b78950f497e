package accountscore

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/accountscore/accountscore/dsl"

	"github.com/stretchr/testify/require"
)

// worst are legal rulesets that go to a bound of the language, each in a way
// that costs some stage of the road most. BenchmarkWorst measures them.
var worst = []struct {
	name string
	src  func() string
}{
	{"rules", func() string { // as many rules as there may be, as long as a file lets them
		return to(dsl.MaxRules, func(i int) string {
			return fmt.Sprintf("a > %d or b < %d or c = %d or d != %d or e > 1 or f > 1 or g > 1 or h > 1 → +1\n", i, i, i, i)
		})
	}},
	{"same field", func() string {
		return to(dsl.MaxRules, func(i int) string { return fmt.Sprintf("employees > %d and employees != %d → +1\n", i, i) })
	}},
	{"conditions", func() string { // as many parts as a condition may have
		return to(dsl.MaxRules, func(i int) string { return strings.Repeat("a or ", 499) + "b → +1\n" })
	}},
	{"comparisons", func() string {
		return to(dsl.MaxRules, func(i int) string {
			var b strings.Builder
			for j := range 240 {
				fmt.Fprintf(&b, "f%d > %d or ", j, i)
			}
			return b.String() + "b > 1 → +1\n"
		})
	}},
	{"lets", func() string { // every rule reads every field
		const n = 390
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "field f%d number\n", i)
		}
		last := "0"
		for i := 0; i < n; i += 30 {
			fmt.Fprintf(&b, "let t%d = %s", i, last)
			for j := range 30 {
				fmt.Fprintf(&b, " + f%d", i+j)
			}
			last = fmt.Sprintf("t%d", i)
			b.WriteByte('\n')
		}
		for i := range dsl.MaxRules {
			fmt.Fprintf(&b, "%s > %d → +1\n", last, i)
		}
		return b.String()
	}},
	{"chain of lets", func() string {
		var b strings.Builder
		b.WriteString("field f0 number\nlet t0 = f0\n")
		for i := range 2_780 {
			fmt.Fprintf(&b, "field f%d number\nlet t%d = t%d + f%d\n", i+1, i+1, i, i+1)
		}
		b.WriteString("t2780 > 5 → +1\n")
		return b.String()
	}},
	{"table", func() string {
		return "field a number\na → {" + to(49_000, func(i int) string { return fmt.Sprintf("%d-%d: 1,\n", 2*i, 2*i+1) }) + "}\n"
	}},
	{"bools", func() string { // as many entries for each rule as there may be
		names := []string{"a", "b", "c", "d", "e", "f"}
		return to(dsl.MaxRules, func(i int) string {
			var list []string
			for j := range 24 {
				list = append(list, names[(i+7*j)%6])
			}
			return strings.Join(list, " or ") + " and " + strings.Join(list, " and ") + " → +1\n"
		})
	}},
	{"tests of a list", func() string {
		return "field a list\n" + to(dsl.MaxRules, func(i int) string { return fmt.Sprintf("a contains \"x%d\" and a contains \"y%d\" → +1\n", i, i) })
	}},
	{"look-ups", func() string {
		return to(dsl.MaxRules, func(i int) string { return fmt.Sprintf("a%d > %d and b%d > %d → +1\n", i%100, i, i%77, i) })
	}},
	{"like texts", func() string { // they differ in the middle alone
		return "field a text\n" + to(500, func(i int) string { return fmt.Sprintf("a = \"aaaaaaaa%08dbbbbbbbb\" → +1\n", i) })
	}},
	{"tables", func() string {
		return "field a number\n" + to(9_000, func(i int) string { return fmt.Sprintf("a → { 1-4: 1, 5-8: 2, 9-12: 3, %d+: 4 }\n", 13+i) })
	}},
	{"text table", func() string {
		return "field a text\na → {" + to(49_000, func(i int) string { return fmt.Sprintf("x%d: 1,\n", i) }) + "}\n"
	}},
	{"nesting", func() string {
		return to(dsl.MaxRules, func(i int) string {
			return strings.Repeat("(", 63) + "a > 1" + strings.Repeat(")", 63) + " → +1\n"
		})
	}},
	{"ternaries", func() string {
		return to(dsl.MaxRules, func(i int) string {
			return strings.Repeat("(a > 1 ? b > 1 : ", 30) + "c > 1" + strings.Repeat(")", 30) + " → +1\n"
		})
	}},
	{"in lists", func() string {
		return to(dsl.MaxRules, func(i int) string {
			var b strings.Builder
			fmt.Fprintf(&b, "a in [")
			for j := range 490 {
				fmt.Fprintf(&b, "%d, ", i*500+j)
			}
			return b.String() + "1] → +1\n"
		})
	}},
	{"param list", func() string { // read as often as its length allows
		return "field a number\nparam p = [" + listed(80_000, "%d") + "]\n" + strings.Repeat("a in p → +1\n", 3)
	}},
	{"text param list", func() string {
		return "field a text\nfield l list\nparam p = [" + listed(80_000, "x%d") + "]\n" + "a in p → +1\nl has all p → +1\nl has any p → +1\n"
	}},
	{"short param list", func() string {
		return "field l list\nparam p = [" + listed(24, "x%d") + "]\n" + strings.Repeat("l has all p → +1\n", dsl.MaxRules)
	}},
	{"one of", func() string {
		return "field a text one of [" + listed(50_000, "x%d") + "]\n" +
			to(dsl.MaxRules/2, func(i int) string { return fmt.Sprintf("a = x%d → +1\na in [x%d, x%d] → +1\n", i, i, i+1) })
	}},
	{"dimensions", func() string {
		return to(dsl.MaxRules/2, func(i int) string {
			return fmt.Sprintf("dimension d%d {\n  a > %d → +1\n  b > %d → 1\n}\n", i, i, i)
		})
	}},
	{"tiers", func() string {
		return "a > 1 → +1\ntiers {\n" + to(20_000, func(i int) string { return fmt.Sprintf("  t%d when score > %d and a > %d\n", i, i, i) }) + "}\n"
	}},
	{"ladders", func() string {
		return "a > 1 → +1\n" + to(10_000, func(i int) string { return fmt.Sprintf("tiers l%d {\n  t when score > %d and a > %d\n}\n", i, i, i) })
	}},
	{"triggers", func() string {
		return "a > 1 → +1\ntiers {\n a when score > 1\n b otherwise\n}\n" + to(40_000, func(i int) string { return fmt.Sprintf("trigger t%d when tier rises\n", i) })
	}},
	{"groups", func() string {
		return to(10, func(i int) string {
			return fmt.Sprintf("best of \"g%d\" {\n", i) + within(1000, 100_000, func(j int) string { return fmt.Sprintf("a > %d and b > %d → +%d\n", j, i, j) }) + "}\n"
		})
	}},
	{"signals", func() string {
		return "activity v (p text)\n" + to(dsl.MaxRules, func(i int) string {
			return fmt.Sprintf("each v where p contains \"%d\" within %dd → +1 half-life %dd max 5\n", i, i%900+1, i%300+1)
		})
	}},
	{"counts", func() string {
		return "activity v (p text)\n" + to(dsl.MaxRules, func(i int) string { return fmt.Sprintf("count(v where p contains \"%d\", %dd) > 1 → +1\n", i, i+1) })
	}},
	{"half-lives", func() string {
		return "activity v\n" + to(dsl.MaxRules, func(i int) string { return fmt.Sprintf("each v → +1 half-life %dd\n", i%630+1) })
	}},
	{"deep comparisons", func() string {
		return to(dsl.MaxRules, func(i int) string {
			text := "g > 1"
			for j := range 60 {
				text = fmt.Sprintf("(%s %s f%d > %d %s g%d > %d)", text, []string{"or", "and"}[j%2], j, i, []string{"or", "and"}[j%2], j, i)
			}
			return text + " → +1\n"
		})
	}},
	{"chains", func() string { // as many parts as one condition may look at
		return "field a number\nfield b number\n" + strings.Repeat("1 < "+strings.Repeat("(1 < ", 9)+"a+b"+strings.Repeat(" < b ? 1 : 2)", 9)+" < 9 → +1\n", 300)
	}},
	{"patterns", func() string {
		return "field a text\n" + to(dsl.MaxRules, func(i int) string { return fmt.Sprintf("a matches \"(x|y%d){1,8}z\" → +1\n", i) })
	}},
	{"wide tables", func() string {
		return "field a number\n" + to(25, func(i int) string {
			return "a → {" + to(1900, func(j int) string { return fmt.Sprintf("%d+: 1, ", 2*j) }) + "else: 1 }\n"
		})
	}},
	{"one of tables", func() string {
		return "field a text one of [" + listed(40_000, "x%d") + "]\n" + strings.Repeat("a → {"+to(7, func(j int) string { return fmt.Sprintf("x%d: 1, ", 2*j) })+"missing: 1 }\n", 5_000)
	}},
	{"first of", func() string {
		return to(10, func(i int) string {
			return fmt.Sprintf("first of \"g%d\" {\n", i) + within(1000, 100_000, func(j int) string { return fmt.Sprintf("a > %d and b > %d and c > %d → +%d\n", j, i, j, j) }) + "}\n"
		})
	}},
	{"ramps", func() string {
		return to(10, func(i int) string {
			return fmt.Sprintf("best of \"g%d\" {\n", i) + within(1000, 100_000, func(j int) string { return fmt.Sprintf("a → 0..%d over %d-%d\n", j, 1000-j, 1001+j) }) + "}\n"
		})
	}},
	{"empty cases", func() string {
		return to(100, func(i int) string { return fmt.Sprintf("a > %d → +1\n b > %d → +1\n", i, i) }) + to(16_000, func(i int) string { return fmt.Sprintf("case \"%d\" {\nexpect score 1 }\n", i) })
	}},
	{"failing case", func() string {
		return to(3000, func(i int) string { return fmt.Sprintf("dimension d%d {\n a > %d → +1\n}\n", i, i) }) + "case \"x\" {\n" + to(3000, func(i int) string { return fmt.Sprintf("expect d%d 1\n", i) }) + "}\n"
	}},
	{"long line", func() string {
		return "a in [" + strings.Repeat("1,", 2000) + "1] → +1\n" + to(9_999, func(i int) string { return "b > 1 → +1\n" })
	}},
	{"list functions", func() string {
		return "field l list\n" + to(dsl.MaxRules, func(i int) string { return fmt.Sprintf("any(l, len(#) > %d and # contains \"%d\") → +1\n", i, i) })
	}},
	{"contacts", func() string {
		return "dimension c from contacts {\nfield a number\nfield r text\ncommittee by r {" + within(20_000, 400_000, func(i int) string { return fmt.Sprintf("x%d: 1,\n", i) }) + "}\nweight r {" +
			within(20_000, 400_000, func(i int) string { return fmt.Sprintf("x%d: 1,\n", i) }) + "}\n" + within(5_000, 150_000, func(i int) string { return fmt.Sprintf("a > %d → +1\n", i) }) + "}\n"
	}},
	{"cases", func() string {
		return "field a number\nfield b number\n" + within(dsl.MaxRules, 300_000, func(i int) string { return fmt.Sprintf("a > %d and b > %d → +1\n", i, i) }) +
			within(1_600, 600_000, func(i int) string { return fmt.Sprintf("case \"%d\" { a = 1\nb = 2\nexpect score 0 }\n", i) })
	}},
	{"long case", func() string {
		return "activity v\n" + to(dsl.MaxRules, func(i int) string { return fmt.Sprintf("count(v, %dd) > 1 → +1\n", i+1) }) +
			"case \"long\" {\n did v x 49990\nexpect score 0\n}\n"
	}},
	{"fields", func() string {
		return to(25_000, func(i int) string { return fmt.Sprintf("field f%d number\n", i) }) + "f1 > 1 → +1\n"
	}},
	{"inferred", func() string {
		return to(dsl.MaxRules, func(i int) string { return fmt.Sprintf("f%d > f%d + f%d → +1\n", i, i+1, i+2) })
	}},
}

// listed are the items of a list.
func listed(n int, format string) string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf(format, i))
	}
	return strings.Join(list, ",")
}

// to repeats a statement n times, or as often as a ruleset's size allows.
func to(n int, line func(i int) string) string { return within(n, 1_000_000, line) }

// within is to with a size of its own.
func within(n, size int, line func(i int) string) string {
	var b strings.Builder
	for i := range n {
		s := line(i)
		if b.Len()+len(s) > size {
			break
		}
		b.WriteString(s)
	}
	return b.String()
}

// fullAccount has a value for every field.
func fullAccount(m *Model) Account {
	a := Account{ID: "full", Fields: map[string]any{}}
	for f := range m.Fields() {
		switch f.Type {
		case dsl.TextType:
			a.Fields[f.Key()] = "x1"
		case dsl.ListType:
			a.Fields[f.Key()] = []string{"x1", "x2"}
		case dsl.BoolType:
			a.Fields[f.Key()] = true
		case dsl.NumberType:
			a.Fields[f.Key()] = 5
		}
	}
	return a
}

// BenchmarkWorst measures every stage of the road on the worst legal rulesets.
// docs/language.md tells what came of it.
func BenchmarkWorst(b *testing.B) {
	for _, w := range worst {
		b.Run(strings.ReplaceAll(w.name, " ", "_"), func(b *testing.B) {
			src := []byte(w.src())
			rs, err := Parse("worst.rules", src)
			require.NoError(b, err)
			wire, err := json.Marshal(rs)
			require.NoError(b, err)
			m, err := Compile(rs)
			require.NoError(b, err)
			full := fullAccount(m)
			stage := func(name string, f func()) {
				b.Run(name, func(b *testing.B) {
					b.ReportAllocs()
					for b.Loop() {
						f()
					}
				})
			}
			stage("Parse", func() { _, _ = Parse("worst.rules", src) })
			stage("Compile", func() { _, _ = Compile(rs) })
			stage("Plan", func() { m.makePlan() })
			stage("Format", func() { _, _ = dsl.Format(src) })
			stage("JSON", func() { _, _ = dsl.ReadJSON(wire) })
			stage("Score", func() { m.Score(full, testMoment) })
			stage("ScoreMissing", func() { m.Score(Account{}, testMoment) })
			stage("Explain", func() { m.Explain(full, testMoment).Text() })
			stage("ExplainMissing", func() { m.Explain(Account{}, testMoment).Text() })
			stage("Vet", func() { m.Vet(testMoment) })
			stage("Facts", func() { m.Facts() })
			stage("Verify", func() { m.Verify() })
		})
	}
}
