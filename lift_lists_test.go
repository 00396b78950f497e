package accountscore

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/dsl"
)

// TestLiftLists: items are put into lists and taken out of them, and no more
// of either than it takes.
func TestLiftLists(t *testing.T) {
	many := make([]string, 12)
	for i := range many {
		many[i] = fmt.Sprint("t", i)
	}
	for _, tt := range []struct {
		name, kind, rules string
		tags              []string
		want              string
	}{
		{"one item out", "", `not (tags contains "churned") → +50`, []string{"churned", "EU"}, `take "churned" out of tags`},
		{"as often as it is there", "", `not (tags contains "churned") → +50`, []string{"churned", "EU", "churned"}, `take "churned" out of tags`},
		{"none of several", "", `tags has none [churned, lost, spam] → +50`, []string{"spam", "EU", "churned"}, `take [spam, churned] out of tags`},
		{"not all of several", "", `not (tags has all [a, b]) → +50`, []string{"a", "b", "c"}, `take "a" or "b" out of tags`},
		{"one out and one in", "", `tags has none [a] and tags has any [x, y] → +50`, []string{"a"}, `take "a" out of tags and add "x" or "y"`},
		{"everything out", "", `tags is empty → +50`, []string{"a", "b"}, `take [a, b] out of tags`},
		{"everything but what is wanted", "", `len(tags) = 1 and tags contains "x" → +50`, []string{"a", "b"}, `take [a, b] out of tags and add "x"`},
		{"a part of an item", "", `not (tags has word "ex") → +50`, []string{"ex customer", "EU"}, `take "ex customer" out of tags`},
		{"a predicate", "", `none(tags, # startsWith "ex-") → +50`, []string{"EU", "ex-customer", "ex-partner"}, `take [ex-customer, ex-partner] out of tags`},
		{"the length", "", `len(tags) <= 1 → +50`, []string{"a", "b"}, `take "a" or "b" out of tags`},
		{"the fewest of many", "", `tags has none [t0, t1, t2, t3, t4, t5] and tags has any [t20, t21, t22] → +50`, many, `take [t0, t1, t2, t3, t4, t5] out of tags and add "t20", "t21" or "t22"`},
		{"of many, not what is wanted", "", `tags has none [t0, t1, t2] and tags has any [t8, t9] → +50`, many, `take [t0, t1, t2] out of tags`},
		{"so many of many", "", `len(tags) between 8 and 9 → +50`, many, `take [t0, t1, t2] out of tags`},
		{"another item beside what may stay with it", "", `tags has none [a, b] and len(tags) >= 1 and (len(tags) >= 2 or tags has none [c]) → +50`, []string{"a", "b", "c"}, `take [a, b] out of tags and add 1 more item`},
		{"another item instead", "", `tags has none [a] and len(tags) = 1 → +50`, []string{"a"}, `take "a" out of tags and add an item that no rule names`},
		{"as the account writes it", "ignoring case", `not (tags contains "churned") → +50`, []string{"Churned", "CHURNED"}, `take "Churned" out of tags`},
		{"what is there in other letters is not added", "ignoring case", `tags has all [eu, us] → +50`, []string{"EU"}, `add "us" to tags`},
		{"a list of declared items", "one of [a, b, c]", `tags has none [a, b] and tags has any [c] → +50`, []string{"a"}, `take "a" out of tags and add "c"`},
		{"only as many as the points need", "", `tags has none [a] → +25
  tags has none [b] → +25
  tags has none [c] → +25`, []string{"a", "b", "c"}, `take [a, b], [a, c] or [b, c] out of tags`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := compile(t, "field tags list "+tt.kind+" actionable\ndimension fit {\n  "+tt.rules+"\n}\ntiers { top when score >= 50\n low otherwise }")
			x := m.Explain(Account{Fields: map[string]any{"tags": tt.tags}}, testMoment)
			paths := checkPaths(t, m, x, "top")
			require.NotEmpty(t, paths)
			require.True(t, paths[0].Reached, "%v", paths[0])
			require.Len(t, paths[0].Changes, 1)
			assert.Equal(t, tt.want, paths[0].Changes[0].String())
			items := len(paths[0].Changes[0].To.List) + len(paths[0].Changes[0].Out)
			assert.Equal(t, min(5+float64(items-1), 10), paths[0].Effort)
			if out := " out of "; strings.Contains(tt.want, out) {
				for _, text := range []string{x.Text(), x.Markdown(), x.HTML()} {
					assert.Contains(t, text, out, "every rendering says it")
				}
			}
		})
	}
}

// TestApplyAddsOnce: what is put into a list that has it already, or is put in
// twice, stands there once.
func TestApplyAddsOnce(t *testing.T) {
	for kind, want := range map[string][]string{"": {"EU", "eu", "x", "X"}, "ignoring case": {"EU", "x"}} {
		m := compile(t, "field tags list "+kind+" actionable\ntags contains \"x\" → +50")
		a := Account{Fields: map[string]any{"tags": []string{"EU"}}}
		add := Change{Kind: ChangeReach, Field: "tags", To: dsl.Value{Kind: dsl.ListValue, List: []string{"EU", "eu", "x", "X", "x"}}}
		assert.Equal(t, want, m.Explain(a, testMoment).Apply([]Change{add}).Fields["tags"], kind)
		// Many items are looked up in another way.
		many := []string{"EU", "eu", "a", "b", "c", "d", "e", "f", "a", "A"}
		wanted := map[string][]string{"": {"EU", "eu", "a", "b", "c", "d", "e", "f", "A"}, "ignoring case": {"EU", "a", "b", "c", "d", "e", "f"}}[kind]
		add.To.List = many
		assert.Equal(t, wanted, m.Explain(a, testMoment).Apply([]Change{add}).Fields["tags"], kind)
	}
}

// TestLiftListWords: of an enrichable list paths say what is to be found out,
// of an actionable one what is to be done.
func TestLiftListWords(t *testing.T) {
	text := func(items ...string) dsl.Value { return dsl.Value{Kind: dsl.ListValue, List: items} }
	for want, c := range map[string]Change{
		`add "x" to l`:                                         {To: text("x")},
		`find "x" or "y" in l`:                                 {To: text("x"), Or: []dsl.Value{text("y")}, Mark: "enrichable"},
		`take "a" out of l`:                                    {Out: []string{"a"}},
		`find l without "a" or [b, c]`:                         {Out: []string{"a"}, Or: []dsl.Value{text("b", "c")}, Mark: "enrichable"},
		`take [a, b] out of l and add "x"`:                     {Out: []string{"a", "b"}, To: text("x")},
		`find l without "a" but with "x" or "y"`:               {Out: []string{"a"}, To: text("x"), Or: []dsl.Value{text("y")}, Mark: "enrichable"},
		`take "a" out of l and add an item that no rule names`: {Out: []string{"a"}, To: text("another"), Any: true},
	} {
		c.Kind, c.Field = ChangeReach, "l"
		assert.Equal(t, want, c.String())
	}
}

// TestLiftLonger: a list that is too short gets as many other items as it lacks.
func TestLiftLonger(t *testing.T) {
	for _, tt := range []struct {
		name, test string
		tags       []string
		want       string
	}{
		{"one that is missing", "len(tags) >= 3", nil, "fill tags with 3 items"},
		{"one that is known", "len(tags) >= 3", []string{"a"}, "add 2 more items to tags"},
		{"many", "len(tags) > 40", []string{"a"}, "add 40 more items to tags"},
		{"exactly", "len(tags) = 2 or len(tags) = 6", []string{"a", "b", "c"}, `take "a", "b" or "c" out of tags`},
		{"with what is asked for beside", "len(tags) >= 3 and tags contains \"x\"", []string{"a"}, `add "x" and 1 more item to tags`},
		{"but not some", "len(tags) >= 3 and tags has none [x, y]", []string{"a"}, `add 2 more items other than "x" and "y" to tags`},
		{"instead of some", "len(tags) >= 3 and tags has none [x, y]", []string{"a", "x"}, `take "x" out of tags and add 2 more items other than "y"`},
		{"one alone", "len(tags) >= 2", []string{"a"}, "add an item that no rule names to tags"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m := compile(t, "field tags list actionable\n"+tt.test+" → +50\ntiers { top when score >= 50\n low otherwise }")
			a := Account{Fields: map[string]any{}}
			if tt.tags != nil {
				a.Fields["tags"] = tt.tags
			}
			paths := checkPaths(t, m, m.Explain(a, testMoment), "top")
			require.True(t, paths[0].Reached, "%v", paths[0])
			assert.Equal(t, tt.want, paths[0].changes())
		})
	}
}

// TestLiftForgetsOthers: what a scoring before left behind of a list is no list
// of an account that has none.
func TestLiftForgetsOthers(t *testing.T) {
	m := compile(t, "field tags list\nnot (tags contains \"late\") → +4\nlen(tags) > 3 → +4\ntiers { top when score >= 8\n low otherwise }")
	x := m.Explain(Account{}, testMoment)
	for range 100 {
		m.Score(Account{Fields: map[string]any{"tags": []string{"late"}}}, testMoment)
		paths := x.LiftTo("top")
		require.Equal(t, []string{"late"}, paths[0].Changes[0].Except, "%v", paths)
	}
}
