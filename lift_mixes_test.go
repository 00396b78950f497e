package accountscore

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/dsl"
)

// TestLiftMixes: what several tests want of the items of a list is put into it
// by one change, and an item that meets several counts for each.
func TestLiftMixes(t *testing.T) {
	const trusted = "tags has all [premium, verified, insured] → +20\n"
	for _, tt := range []struct {
		name, kind, rules string
		tags              []string
		least             int
		want              string
	}{
		{"named ones, some that begin so, and a length", "", trusted + `count(tags, # starts with "x") >= 2 → +6
len(tags) > 3 → +4`, nil, 30, `fill tags with [insured, premium, verified, x, x 2]`},
		{"the list has some", "", trusted + `count(tags, # starts with "x") >= 2 → +6
len(tags) > 3 → +4`, []string{"premium", "xl"}, 30, `add [insured, verified, x] to tags`},
		{"one of several virtues", "", trusted + `count(tags, # starts with "p") >= 1 → +10`, nil, 30, `fill tags with [insured, premium, verified]`},
		{"begins and ends", "", `any(tags, # starts with "eu-") → +10
any(tags, # ends with "-gold") → +10
len(tags) = 1 → +10`, nil, 30, `fill tags with "eu--gold"`},
		{"exactly so many", "", trusted + `count(tags, # starts with "x") = 2 → +5
len(tags) between 6 and 7 → +5`, []string{"x", "xa", "xb"}, 30, `take "x" out of tags and add [insured, premium, verified, another]`},
		{"a pattern", "", trusted + `count(tags, # matches "^sku-[0-9]{2}$") >= 2 → +10`, nil, 30, `fill tags with [insured, premium, sku-11, sku-12, verified]`},
		{"one of several names, often", "", `count(tags, # in [a, b, c]) >= 2 → +10
tags has any [c, d] → +10
tags has none [a] → +10`, []string{"a"}, 30, `take "a" out of tags and add [b, c]`},
		{"all begin so", "", `all(tags, # starts with "x") and len(tags) >= 3 → +30`, []string{"a", "x1"}, 30, `take "a" out of tags and add [x, x 2]`},
		{"many that are named", "", `tags has all [a, b, c, d, e, f] → +20
tags has any [g, h] → +10`, nil, 30, `fill tags with [a, b, c, d, e, f, g]`},
		{"of declared items", "one of [a, b, c, d, e, f]", `tags has all [a, b] → +20
len(tags) >= 5 → +10`, nil, 30, `fill tags with [a, b, c, d, e]`},
		{"with what the words of another field are", "", `tags contains home → +20
len(tags) >= 3 → +10`, nil, 30, `fill tags with [US, another, another 2]`},
		{"a let that counts", "", `xs >= 2 → +20
tags has any [a, b] → +10`, nil, 30, `fill tags with [a, x, x 2]`},
		{"as long as asked for", "", `count(tags, len(#) >= 8) >= 2 → +30`, nil, 30, `fill tags with [xxxxxxxx, xxxxxxxx 2]`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			src := "field home text fixed\nfield tags list actionable " + tt.kind + "\n"
			if strings.Contains(tt.rules, "xs ") {
				src += "let xs = count(tags, # starts with \"x\")\n"
			}
			m := compile(t, fmt.Sprintf("%sdimension fit {\n%s\n}\ntiers { top when score >= %d\n low otherwise }", src, tt.rules, tt.least))
			a := Account{Fields: map[string]any{"home": "US"}}
			if tt.tags != nil {
				a.Fields["tags"] = tt.tags
			}
			paths := checkPaths(t, m, m.Explain(a, testMoment), "top")
			require.True(t, paths[0].Reached && !paths[0].Cut, "%v", paths)
			assert.Equal(t, tt.want, paths[0].changes())
		})
	}
}

// marketplace writes a ruleset that scores sellers, whose tests of tags and badges
// stand beside others, and a seller.
func (r randomRules) marketplace() (src string, a Account) {
	var b strings.Builder
	mark := func() string { return r.of("", " actionable", " actionable", " enrichable") }
	fold := r.of("", "", "", " ignoring case")
	fmt.Fprintf(&b, "field tags list%s%s\nfield badges list%s\nfield listings number%s\nfield response_hours number%s\n", mark(), fold, mark(), mark(), mark())
	rules := []string{
		"tags has all [premium, verified, insured] → +20", "tags has all [premium, verified] → +9", "tags has any [premium, gold] → +5", "tags has none [spam, late] → +6",
		`count(tags, # starts with "x") >= 2 → +6`, `count(tags, # starts with "x") = 1 → +5`, `count(tags, # ends with "d") <= 1 → +3`, `any(tags, # contains "old") → +4`,
		"len(tags) > 3 → +4", "len(tags) between 2 and 4 → +5", "len(tags) = 3 → +3", "len(tags) <= 4 → +4", `all(tags, # != "spam") → +3`, `none(tags, # starts with "l") → +4`,
		`count(tags, # matches "^x[a-z]$") >= 1 → +5`, `count(tags, # in [premium, gold, xa]) >= 2 → +7`, `tags has word "gold" → +3`, "not (tags contains \"late\") → +4",
		`one(tags, # starts with "p") → +4`, `tags is not empty → +2`, `count(tags, len(#) <= 2) >= 2 → +5`,
		"badges has any [star, pro] → +5", "badges has all [star, pro] → +8", "len(badges) >= 2 → +4", `count(badges, # starts with "s") >= 2 → +6`,
		"listings >= 20 → +8", "listings → 0..10 over 0-50", "response_hours <= 4 → +6", "listings > 5 and tags contains \"verified\" → +6",
	}
	for _, i := range r.Perm(len(rules))[:3+r.IntN(5)] {
		fmt.Fprintf(&b, "%s\n", rules[i])
	}
	least := 8 + r.IntN(26)
	fmt.Fprintf(&b, "tiers {\n  top when score >= %d\n  mid when score >= %d\n  low otherwise\n}\n", least+4+r.IntN(9), least)
	a = Account{ID: "a", Fields: map[string]any{}}
	put := func(name string, v any) {
		if r.IntN(2) == 0 {
			a.Fields[name] = v
		}
	}
	put("tags", [][]string{{}, {"premium"}, {"spam"}, {"late", "verified"}, {"xa", "gold", "spam"}, {"xa", "xb", "verified", "old"}}[r.IntN(6)])
	put("badges", [][]string{{}, {"star"}, {"basic"}}[r.IntN(3)])
	put("listings", r.IntN(40))
	put("response_hours", r.IntN(20))
	return b.String(), a
}

// marketPools are what the items of a seller's lists may be: what the tests name,
// what meets them, and others.
var marketPools = map[string][]string{
	"tags":   {"premium", "verified", "insured", "gold", "xa", "xb", "xold", "spam", "zz", "q", "late"},
	"badges": {"star", "pro", "sx", "zz"},
}

// marketLevers are the changes of a seller as one would list them who knows
// nothing but the pools: every list of up to five items.
func marketLevers(m *Model, a Account) []smallLever {
	var levers []smallLever
	for i := range m.fields {
		f := &m.fields[i]
		if _, has := a.Fields[f.Name]; has && f.Change == "" || !f.read {
			continue
		}
		var lv smallLever
		values := numberValues(0, 4, 5, 6, 10, 20, 30, 40, 50)
		if pool := marketPools[f.Name]; pool != nil {
			values = nil
			for set := range 1 << len(pool) {
				var list []string
				for i, item := range pool {
					if set&(1<<i) != 0 {
						list = append(list, item)
					}
				}
				if len(list) <= 5 {
					values = append(values, dsl.Value{Kind: dsl.ListValue, List: list})
				}
			}
		}
		for _, v := range values {
			lv.ways = append(lv.ways, Change{Kind: ChangeFill, Field: f.Name, To: v})
		}
		levers = append(levers, lv)
	}
	return levers
}

// reachesTier scores a seller with fields that are set anew.
func reachesTier(m *Model, a Account, changes []Change, tier string) bool {
	b := a
	b.Fields = map[string]any{}
	for name, v := range a.Fields {
		b.Fields[name] = v
	}
	for _, c := range changes {
		switch c.To.Kind {
		case dsl.ListValue:
			b.Fields[c.Field] = c.To.List
		default:
			b.Fields[c.Field] = c.To.Number
		}
	}
	return tierIndex(m, m.Score(b, testMoment).Tier) <= tierIndex(m, tier)
}

// TestLiftMissesNoList compares the paths of random sellers with all lists that a
// pool of items makes: where one or two changes of the pools reach a tier, a path
// of no more changes is found.
func TestLiftMissesNoList(t *testing.T) {
	t.Parallel()
	found, cut := 0, 0
	for seed := range uint64(120) {
		r := randomRules{rand.New(rand.NewPCG(seed, 41)), false}
		src, a := r.marketplace()
		m := compile(t, src)
		x := m.Explain(a, testMoment)
		for _, tier := range []string{"top", "mid"} {
			paths := checkPaths(t, m, x, tier)
			if len(paths) == 0 {
				continue
			}
			least := 3
			for _, p := range paths {
				if p.Reached {
					least = min(least, len(p.Changes))
				}
			}
			set := smallest(marketLevers(m, a), min(2, least-1), func(changes []Change) bool { return reachesTier(m, a, changes, tier) })
			require.Nil(t, set, "seed %d, %s\n%s%v\n%v", seed, tier, src, a.Fields, paths)
			if paths[0].Reached {
				found++
			}
			if paths[0].Reached && paths[0].Cut {
				cut++
			}
		}
	}
	t.Logf("%d paths were found, %d of them with Cut", found, cut)
	require.Greater(t, found, 80)
	require.Less(t, cut, found/4)
}
