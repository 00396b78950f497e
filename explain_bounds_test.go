package accountscore

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
)

// vast are legal rulesets whose explanations grow out of hand when what each
// rule says is told for each field.
func vast() map[string]string {
	const n = 600
	fields := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "field f%d number stale after 30d\n", i)
		}
		return b.String()
	}
	lines := func(n int, format string) string {
		var b strings.Builder
		b.WriteString("dimension x {\n")
		for i := range n {
			fmt.Fprintf(&b, format+"\n", i)
		}
		b.WriteString("}\n")
		return b.String()
	}
	var lets strings.Builder
	last := "0"
	for i := 0; i < n; i += 30 {
		fmt.Fprintf(&lets, "let t%d = %s", i, last)
		for j := range 30 {
			fmt.Fprintf(&lets, " + f%d", i+j)
		}
		last = fmt.Sprintf("t%d", i)
		lets.WriteByte('\n')
	}
	several := make([]string, 100)
	for i := range several {
		several[i] = fmt.Sprintf("f%d > %d", i, i)
	}
	conditions := strings.Repeat("  "+strings.Join(several, " and ")+" → +1\n", 60)
	windows := strings.Repeat("  any(visit, 30d) and f1 > 1 and f2 > 2 and f3 > 3 → +1\n", 500)
	return map[string]string{
		"lets":       fields(n) + lets.String() + lines(n, "  "+last+" > %d → +1") + "tiers { top when " + last + " > 5 }\n",
		"fields":     fields(2_000) + lines(2_000, "  f%[1]d > %[1]d → +1"),
		"conditions": fields(100) + "dimension x {\n" + conditions + "}\n",
		"windows":    fields(4) + "activity visit\ndimension x {\n" + windows + lines(500, "  any(visit, 9d) and f1 > %d → +1")[len("dimension x {\n"):],
		"tests":      fields(1) + lines(50, "  ("+strings.Repeat("f0 > %[1]d or ", 200)+"f0 > 9) → +1"),
		"words":      fields(1) + lines(9_000, "  f0 > %d → +1 \""+strings.Repeat("long ", 10)+"\""),
		"dimensions": fields(1) + strings.Repeat("#\n", 3) + manyDimensions(3_000),
		"tiers":      fields(1) + manyTiers(2_000),
	}
}

func manyDimensions(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "dimension d%d \"A dimension among many\" {\n  f0 > 1 → +1\n}\n", i)
	}
	return b.String()
}

func manyTiers(n int) string {
	var b strings.Builder
	b.WriteString("dimension x {\n  f0 > 1 → +1\n}\ntiers {\n")
	for i := range n {
		fmt.Fprintf(&b, "  t%d when score > %d and f0 > 5\n", i, n-i)
	}
	return b.String() + "}\n"
}

// TestExplainVast: no legal ruleset makes an explanation that takes long or
// that nobody can open.
func TestExplainVast(t *testing.T) {
	old := map[string]time.Time{}
	known := map[string]any{}
	for i := range 5_000 {
		known[fmt.Sprintf("f%d", i)] = float64(i % 7)
		old[fmt.Sprintf("f%d", i)] = testMoment.AddDate(0, 0, -60)
	}
	accounts := map[string]Account{"empty": {}, "stale": {Fields: known, Refreshed: old}}
	for name, src := range vast() {
		t.Run(name, func(t *testing.T) {
			m := compile(t, src)
			for of, a := range accounts {
				start := time.Now()
				x := m.Explain(a, testMoment)
				text := x.Text()
				// A generous bound: the machine may be busy, a hang is far beyond.
				assert.Less(t, time.Since(start), 30*time.Second, of)
				assert.LessOrEqual(t, len(text), 1<<20, of)
				assert.LessOrEqual(t, len(x.Text(Color())), 2<<20, of)
				assert.LessOrEqual(t, len(x.Markdown()), 2<<20, of)
				assert.LessOrEqual(t, len(x.HTML()), 4<<20, of)
				assert.Contains(t, text, "\nscore   ", of)
				for _, n := range append(x.Missing, x.Stale...) {
					assert.LessOrEqual(t, len(n.Rules), maxNames)
					assert.False(t, n.MoreRules > 0 && len(n.Rules) < maxNames)
				}
				for _, d := range x.Dimensions {
					for _, g := range d.Groups {
						for _, r := range g.Rules {
							for _, test := range r.Tests {
								assert.LessOrEqual(t, len(test.Seen), maxSeen)
								assert.False(t, test.Cut && len(test.Seen) < maxSeen)
							}
						}
					}
				}
			}
		})
	}
}

// TestExplainLeavesOut says what it leaves out.
func TestExplainLeavesOut(t *testing.T) {
	src := vast()
	x := compile(t, src["lets"]).Explain(Account{}, testMoment)
	test := x.Dimensions[0].Groups[0].Rules[0].Tests[0]
	require.True(t, test.Cut)
	require.Len(t, test.Seen, maxSeen)
	require.Contains(t, phrase(&test), "t570 is unknown, f0 is unset, ")
	require.True(t, strings.HasSuffix(phrase(&test), "f18 is unset and more"), phrase(&test))
	n := x.Missing[0]
	require.Equal(t, "x.1", n.Rules[0])
	require.Equal(t, 601-maxNames, n.MoreRules, "600 rules and a tier")
	require.Contains(t, x.Text(), "rules that wait for it: x.1 (t570 > 0 → +1), x.2 (t570 > 1 → +1), ")

	x = compile(t, src["fields"]).Explain(Account{}, testMoment)
	require.Len(t, x.Missing, 2_000)
	for i, n := range x.Missing {
		require.Equal(t, i >= maxTried, n.Untried)
		require.Equal(t, count(!n.Untried), int(n.Gain))
	}
	text := x.Text()
	require.Contains(t, text, "so many are missing that it was not worked out for 1000 fields")
	require.Contains(t, text, "? and 1900 more fields")

	x = compile(t, src["words"]).Explain(Account{}, testMoment)
	require.Len(t, x.Dimensions[0].Groups, 9_000)
	require.Contains(t, x.Text(), " more rows that the text has no room for\n")
	require.Contains(t, compile(t, src["tests"]).Explain(Account{Fields: map[string]any{"f0": -1}}, testMoment).Text(), "f0 is -1: needs more than")

	// A long list of values begins with those that are missing.
	var all []string
	fields := map[string]any{}
	for i := range 30 {
		all = append(all, fmt.Sprintf("f%d", i))
		fields[all[i]] = 1
	}
	delete(fields, "f25")
	x = compile(t, strings.Join(all, " + ")+" > 7 → +1").Explain(Account{Fields: fields}, testMoment)
	seen := x.Dimensions[0].Groups[0].Rules[0].Tests[0].Seen
	require.Len(t, seen, maxSeen)
	require.Equal(t, []ValueState{ValueUnknown, ValueUnset, ValueKnown}, []ValueState{seen[0].State, seen[1].State, seen[2].State})
	require.Equal(t, "f25", seen[1].Name)
}

// TestExplainGainIsAScoring holds Gain and Loss, which look only at what reads
// a field, against a whole scoring with that field alone open.
func TestExplainGainIsAScoring(t *testing.T) {
	tried := 0
	for seed := range uint64(300) {
		r := newRandom(9000 + seed)
		m, src := randomModel(t, r)
		for range 3 {
			a := r.account(r.IntN(3) > 0)
			s := m.scratch()
			s.traced = true // what every rule came to
			s.run(a, testMoment)
			for _, n := range m.Explain(a, testMoment).Missing {
				slot := 0
				for m.fields[slot].Name != n.Field {
					slot++
				}
				clear(s.env.Open)
				s.env.Open[slot], s.open = true, true
				s.conclude()
				require.Equal(t, [2]float64{(s.score.high - s.score.at).Float(), (s.score.at - s.score.low).Float()}, [2]float64{n.Gain, n.Loss}, "%s\n%s\n%+v", n.Field, src, a)
				require.False(t, n.Untried)
				if n.Gain+n.Loss > 0 {
					tried++
				}
			}
			m.release(s)
		}
	}
	require.Greater(t, tried, 200)
}

// TestExplainReaders names the readers of a stale field as Fields does.
func TestExplainReaders(t *testing.T) {
	m := compile(t, `field a number stale after 1d
field b number stale after 1d
let ratio = a / b
let double = ratio * 2
dimension x {
  a > 10 → +30
  first of { b > 5 → +20
    double > 1 and a > 2 → +3 }
  scale 50% when ratio > 4
}
disqualify when b > 1000
tiers { top when score >= 20 and a > 3
  low otherwise }
tiers stage { late when double > 1 }`)
	old := testMoment.AddDate(0, 0, -2)
	x := checkExplanation(t, m, Account{Fields: map[string]any{"a": 1, "b": 2}, Refreshed: map[string]time.Time{"a": old, "b": old}})
	require.Len(t, x.Stale, 2)
	i := 0
	for f, readers := range m.Fields() {
		require.Equal(t, f.Name, x.Stale[i].Field)
		require.Equal(t, readers, x.Stale[i].Rules)
		i++
	}
}

// TestExplainValues: values are shown as they are, or a part of them.
func TestExplainValues(t *testing.T) {
	for _, tt := range []struct {
		slot cond.Slot
		typ  cond.Type
		want string
	}{
		{cond.Slot{Num: 240}, cond.Number, "240"},
		{cond.Slot{Num: 0.1}, cond.Number, "0.1"},
		{cond.Slot{Num: 1e-9}, cond.Number, "1e-09"},
		{cond.Slot{Num: -2.5e-300}, cond.Number, "-2.5e-300"},
		{cond.Slot{Num: 1 << 53}, cond.Number, "9.007199254740992e+15"},
		{cond.Slot{Num: 123456789.25}, cond.Number, "123,456,789.25"},
		{cond.Slot{Num: math.MaxFloat64}, cond.Number, "1.7976931348623157e+308"},
		{cond.Slot{Num: math.Inf(-1)}, cond.Number, `"beyond any number"`},
		{cond.Slot{Num: math.NaN()}, cond.Number, `"beyond any number"`},
		{cond.Slot{Text: "東京"}, cond.Text, `"東京"`},
		{cond.Slot{Text: strings.Repeat("é", 1<<20)}, cond.Text, `"` + strings.Repeat("é", 99) + `…"`},
		{cond.Slot{List: []string{"a", strings.Repeat("x", 1<<20)}}, cond.List, "[a, " + strings.Repeat("x", 197) + "…]"},
		{cond.Slot{List: make([]string, 1<<20)}, cond.List, "[" + strings.Repeat(", ", 20) + "…]"},
	} {
		assert.Equal(t, tt.want, valueText(valueOf(&tt.slot, tt.typ)))
	}
	loop := map[string]any{}
	loop["again"] = loop
	ring := []any{nil}
	ring[0] = ring
	m := compile(t, "field a number\nfield b list\nfield c text\ndimension x {\n  a > 1 and b has any [x] and c = \"y\" → +1\n}")
	for _, v := range []any{loop, ring, &ring, make([]int, 1<<20), make(map[int]string, 1<<20), [1 << 16]int{}, strings.Repeat("x", 1<<20), math.NaN(), 12345678901234567890.5} {
		x := checkExplanation(t, m, Account{Fields: map[string]any{"a": v, "b": v, "c": v}})
		for _, n := range x.Missing {
			assert.LessOrEqual(t, len(n.Found), 1<<10)
		}
	}
}

// TestExplainIntervals: the text of a rule has the intervals of the canonical
// one, with a suffix at both ends or at neither.
func TestExplainIntervals(t *testing.T) {
	m := compile(t, `field n number
dimension x {
  n → { 10-20000000: 5, 20M-30M: 7, 1B+: 9 }
  n → 0..10 over 500-2000000
  n → 0..10 over -10..20000000
}`)
	for i, want := range []string{"n → { 10-20000000: +5, 20M-30M: +7, 1B+: +9 }", "n → 0..10 over 500-2000000", "n → 0..10 over -10..20000000"} {
		x := m.Explain(Account{Fields: map[string]any{"n": 100}}, testMoment)
		require.Equal(t, want, x.Dimensions[0].Groups[i].Rules[0].Text)
		require.Contains(t, string(m.Ruleset().Format()), strings.TrimSuffix(strings.Fields(want)[len(strings.Fields(want))-1], "}"))
	}
}

// TestContactTable: there is a gap between any two columns, and the share ends
// the line, whatever stands in the table.
func TestContactTable(t *testing.T) {
	ids := []string{"", " ", "a", "東京都千代田区丸の内一丁目九番一号", strings.Repeat("long-id-", 9), "é" + strings.Repeat("\u0301", 30), "👩‍💻👍🏽 ok", "x\ty\x1b[31m", "n" + strings.Repeat("\u0303", 1<<16)}
	for _, combine := range []string{"ranked 0.8", "ranked 0.123456", "sum", "max", "top 3", "top 1000000", "mean", "weighted mean", "best 60%", "best 33.3333%"} {
		t.Run(combine, func(t *testing.T) {
			m := compile(t, `dimension people from contacts {
  field e number
  field w number
  field d time
  score e
  each visit → +1
  decay linear 100000d since d
  weight w { 1: 49.123456, 2: 1.123456, else: 1 }
  combine `+combine+`
}
activity visit`)
			for _, e := range []float64{0, 4.125, 19.999999, 12345.678901, 100_000} {
				a := Account{}
				for i, id := range ids {
					a.Contacts = append(a.Contacts, Contact{ID: id, Fields: map[string]any{"e": e, "w": i % 3, "d": testMoment.AddDate(-i*300, 0, -i)}})
				}
				x := checkExplanation(t, m, a)
				lines := strings.Split(x.Text(), "\n")
				widths := contactTable(&ContactsExplanation{Combine: combine}, pageWidth)
				rows := 0
				for i, line := range lines {
					require.LessOrEqual(t, columns(line), pageWidth, line)
					if !strings.Contains(line, "  contact  ") && !strings.Contains(line, "% ") && !strings.Contains(line, " #") || strings.Contains(line, "engaged") {
						continue
					}
					if columns(line) != pageWidth {
						require.True(t, strings.HasPrefix(lines[i+1], "   "), "the share follows on its own: %q", line)
					}
					rows++
					at := 4 + widths[0]
					for _, w := range widths[1:] {
						require.Equal(t, " ", columnAt(line, at), "%q", line)
						at += w
					}
					require.Contains(t, []string{" ", ""}, columnAt(line, at), "%q", line)
				}
				require.GreaterOrEqual(t, rows, 1+len(ids), x.Text())
			}
		})
	}
	require.Contains(t, checkExplanation(t, compile(t, engagement(threaded)), Account{Contacts: []Contact{{}}}).Text(), "(no id)")
}

// columnAt gives the character that stands in a column.
func columnAt(line string, column int) string {
	n := 0
	for _, r := range line {
		if n == column {
			return string(r)
		}
		n += runeColumns(r)
	}
	return ""
}

func TestColumns(t *testing.T) {
	for s, want := range map[string]int{"": 0, "abc": 3, "é": 1, "e\u0301": 1, "東京": 4, "ｶﾅ": 2, "한국": 4, "Ａ": 2, "👍": 2, "\u1112\u1161\u11ab": 2, "🇩🇪": 2, "\u1160": 0, "\u11ff\ud7b0\ud7ff": 0, "❤\ufe0f": 2, "✓ → · …": 7} {
		assert.Equal(t, want, columns(s), s)
	}
	assert.Equal(t, "東…", clip("東京都", 4))
	assert.Equal(t, "東京", clip("東京", 4))
	line, rest := breakLine("東京都 千代田区", 8)
	assert.Equal(t, [2]string{"東京都", "千代田区"}, [2]string{line, rest})
	line, rest = breakLine("東京都千代田区", 5)
	assert.Equal(t, [2]string{"東京", "都千代田区"}, [2]string{line, rest})
	for _, f := range []float64{0, 1, -100_000, 99_999.99, 1e9, -1e12, 1e300} {
		w := contactTable(&ContactsExplanation{Combine: string(dsl.Mean)}, pageWidth)
		for _, column := range []int{1, 4, 5} {
			assert.Less(t, len(w.number(column, f)), w[column])
			assert.NotContains(t, w.number(column, f), "…")
		}
	}
	w := contactTable(&ContactsExplanation{Combine: "mean"}, pageWidth)
	assert.Equal(t, []string{"99,999", "9999d", "27y", "10005y"}, []string{w.number(5, 99_999), w.age(2, 9_999), w.age(2, 10_000), w.age(2, 3_652_059)})
}
