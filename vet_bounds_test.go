package accountscore

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
)

// TestVetIsSound holds the findings of random models against random accounts:
// what is said never to happen does not.
func TestVetIsSound(t *testing.T) {
	said := map[FindingCode]int{}
	for seed := range uint64(400) {
		r := newRandom(seed)
		m, src := randomModel(t, r)
		findings := m.Vet(testMoment)
		assert.Equal(t, findings, m.Vet(testMoment), "the same again")
		unreachable, never := map[string]bool{}, map[string]bool{}
		for _, f := range findings {
			said[f.Code]++
			assert.True(t, f.Pos.IsValid() && f.Message != "" && f.Fix != "", "%s\n%s", f, src)
			switch f.Code {
			case VetUnreachableTier:
				unreachable[f.Rule] = true
			case VetNeverTrue:
				never[f.Rule] = true
			}
		}
		require.True(t, slices.IsSortedFunc(findings, func(a, b Finding) int { return a.Pos.Offset - b.Pos.Offset }), src)
		for range 15 {
			a := r.account(false)
			a.PrevTier = "" // a hold keeps what was
			s := m.scratch()
			s.run(a, testMoment)
			if tier := s.tier.tier; tier != "" {
				require.False(t, unreachable["tier "+tier], "%s is reached\n%s\n%+v", tier, src, a)
			}
			for d := range m.dims {
				for g := range m.dims[d].groups {
					gr := &m.dims[d].groups[g]
					for i := range gr.rules {
						id := gr.rules[i].id
						require.False(t, never[id] && gr.rules[i].signal == nil && s.outs[gr.index+i].truth == cond.True, "%s is true\n%s\n%+v", id, src, a)
					}
				}
			}
			m.release(s)
		}
	}
	for _, code := range []FindingCode{VetUnreachableTier, VetNeverTrue, VetImplied, VetDuplicate, VetNegativePoints, VetUnused} {
		assert.Positive(t, said[code], "no random model has the finding %s", code)
	}
}

// TestVetIsBounded vets the largest rulesets that there can be: what takes too
// long is left undecided.
func TestVetIsBounded(t *testing.T) {
	var many, wide, lets, table strings.Builder
	for i := range 4_000 {
		fmt.Fprintf(&many, "n > %d and k != %d → +1\n", i, i)
	}
	for i := range 40 {
		fmt.Fprintf(&wide, "%s → +1\n", strings.Repeat(fmt.Sprintf("(a%d > 1 or b%d < 2) and ", i, i), 60)+"n > 1")
	}
	lets.WriteString("field n number\nlet l0 = n > 1\n")
	for i := range 60 {
		fmt.Fprintf(&lets, "let l%d = l%d and (l%d or n > %d)\n", i+1, i, i, i)
	}
	lets.WriteString("l60 → +1\nl59 → +2\n")
	table.WriteString("n → { 0: 1")
	for i := range 3_000 {
		fmt.Fprintf(&table, ", %d: 1", i+1)
	}
	table.WriteString(" }\n")
	for name, src := range map[string]string{"many rules": many.String(), "wide rules": wide.String(), "lets": lets.String(), "a table": table.String()} {
		rs, err := Parse("test.rules", []byte(src))
		require.NoError(t, err, name)
		m, err := Compile(rs)
		require.NoError(t, err, name)
		start := time.Now()
		m.Vet(testMoment)
		m.Facts()
		assert.Less(t, time.Since(start), 20*time.Second, name)
		t.Log(name, time.Since(start))
	}
}

// TestVetWithoutText vets a ruleset that has no text to point into.
func TestVetWithoutText(t *testing.T) {
	with := compile(t, "field n number\nfield k number\nn > 5 → +1\nn > 10 → +3\ntiers {\na when score > 50\nb otherwise\n}")
	b, err := json.Marshal(with.Ruleset())
	require.NoError(t, err)
	var rs Ruleset
	require.NoError(t, json.Unmarshal(b, &rs))
	without, err := Compile(&rs)
	require.NoError(t, err)
	want, got := found(with, testMoment), found(without, testMoment)
	assert.Len(t, want, 4)
	assert.ElementsMatch(t, want, got)
	assert.Equal(t, "`n > 10` is true only where `n > 5` (points.1) is true too, so it never earns +3 alone but +4 [implied]", without.Vet(testMoment)[1].String())
	assert.Empty(t, MustCompile(&Ruleset{}).Vet(testMoment))
	assert.Empty(t, compile(t, "review every 1d from 2020-01-01\nn > 5 → +1").Vet(time.Time{}), "no moment, nothing due")
}

// TestVetOtherLanguages vets conditions that are not in the rules language:
// those of expr-lang have the same trees, what is foreign is left alone.
func TestVetOtherLanguages(t *testing.T) {
	m := compile(t, "field n number\nparam most = 10\nn > 5 && n < 3 → +1\nn > 20 → +1\nn > most → +1", WithLanguage(dsl.Expr()))
	assert.Equal(t, []string{"never-true points.1", "implied points.2"}, found(m, testMoment))
	args := []*cond.Node{{Op: cond.Field, Type: cond.Number}}
	foreign := func(src string) *cond.Node {
		return &cond.Node{Op: cond.Foreign, Type: cond.Bool, Args: args, Src: src}
	}
	l := newLogic(m.statics())
	p, q := l.prop(foreign("n > 5"), nil), l.prop(foreign("n > 10"), nil)
	assert.False(t, l.never(p) || l.always(p) || l.implies(q, p), "who knows")
	assert.True(t, l.implies(p, p), "the same text is the same condition")
}

// TestVetMessages states what people read.
func TestVetMessages(t *testing.T) {
	for _, c := range []struct{ rules, want string }{
		{"score max 50\nn > 5 → +60\ntiers {\na when score >= 70 hold 5 play \"x\"\n}", "4:1: no account can come into the tier `a`: `score >= 70` is never true; score goes from 0 to 50 [unreachable-tier]"},
		{"score max 50\nn > 5 → +60\ntiers l {\na when score >= 70\n}", "4:1: no account can be in the tier `a`: `score >= 70` is never true; score goes from 0 to 50 [unreachable-tier]"},
		{"review every 31d from 2026-09-15\nn > 5 → +1", "1:1: the review has been due since 2026-10-16 [review-due]"},
		{"n → { 1-49: 1, 60+: 2 }", "1:1: what lies between 49 and 60 has no entry: it earns nothing, and is reported [table-gap]"},
		{"n → { 1-100: 1, 100-200: 2 }", "1:17: the entries `1-100` and `100-200` both hold for 100: the first counts [table-overlap]"},
		{peopleRules("score x\nrole = Spare → +1\ncap 100\ncombine sum"), "7:1: every contact counts in full: 11 who are not engaged, each just below 10, outscore the best that one contact can be (100) [naive-sum]"},
		{peopleRules("score x\nrole = Spare → +1\ncap 100\ncombine ranked 0.5\nbonus multi-thread 50% falling 0.5"), "8:1: two engaged contacts count 1.875 times one of them, and one of twice the score counts 2 times: two should count for more [bonus-order]"},
		{peopleRules("score x\nrole = Spare → +1\ncap 100\nbonus { 2: +10 }"), "7:1: two engaged contacts who weigh in at 50 come to 100, and one at 100 to 100: two should count for more [bonus-order]"},
		{peopleRules("score x\nrole = Spare → +1\ncap 100\nbonus { 2: +20, 3: +10 }"), "7:17: the bonus is 20 for 2 engaged contacts and 10 for 3: one more lowers the account [bonus-falls]"},
	} {
		findings := compile(t, c.rules).Vet(testMoment)
		if assert.Len(t, findings, 1, c.rules) {
			assert.Equal(t, c.want, findings[0].String())
		}
	}
}

// TestVetDocumented holds the reference against the vet: its table of findings
// has every code, and its examples have the findings that their comments tell.
func TestVetDocumented(t *testing.T) {
	_, doc, ok := strings.Cut(readDocFile(t, "", "docs/language.md"), "\n## Vetting a ruleset\n")
	require.True(t, ok)
	doc, _, _ = strings.Cut(doc, "\n## ")
	codes := regexp.MustCompile(`(?m)^\tVet\w+\s+FindingCode = "([a-z-]+)"`).FindAllStringSubmatch(readDocFile(t, "", "vet.go"), -1)
	require.Len(t, codes, 27)
	for _, c := range codes {
		assert.True(t, strings.Contains(doc, "| `"+c[1]+"` "), "the table of findings has no %s", c[1])
	}
	for _, b := range docBlocks(t, doc) {
		want, got := []string{}, []string{}
		for i, line := range strings.Split(b.body, "\n") {
			if _, code, ok := strings.Cut(line, " # "); ok {
				want = append(want, fmt.Sprintf("%d %s", i+1, code))
			}
		}
		assert.NotEmpty(t, want)
		for _, f := range compile(t, b.body).Vet(testMoment) {
			got = append(got, fmt.Sprintf("%d %s", f.Pos.Line, f.Code))
			assert.Equal(t, f.Severity == Note, strings.Contains(doc, "| `"+string(f.Code)+"` (note) |"), "%s", f)
		}
		assert.Equal(t, want, got)
	}
}
