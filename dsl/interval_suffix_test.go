package dsl

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestOneSuffix states what an interval with a suffix at its upper end alone
// is, wherever an interval may stand: an error that offers both readings,
// unless only one can be meant.
func TestOneSuffix(t *testing.T) {
	for _, c := range []struct{ ends, fix string }{
		{"10-20M", "write 10M-20M, or 10-20000000 if that is meant"},
		{"10..20M", "write 10M-20M, or 10-20000000 if that is meant"},
		{"1–5k", "write 1k-5k, or 1-5000 if that is meant"},
		{"$1.5-2 million", "write $1.5M-2M, or $1.5-2000000 if that is meant"},
		{"10-20%", "write 10%-20%"},
		{"10M-20M", ""},
		{"0-20M", ""},
		{"500-2k", ""},
		{"1000-2M", ""},
		{"10-20", ""},
		{"-10..20M", ""},
	} {
		for _, src := range []string{
			"revenue in " + c.ends + " → +5",
			"revenue not in " + c.ends + " → +5",
			"revenue → { " + c.ends + ": 5 }",
			"revenue → { 1: 2, " + c.ends + ": 5 }",
			"revenue → 0..50 over " + c.ends,
			"grades points { " + c.ends + ": A }",
			"dimension p from contacts {\nweight size { " + c.ends + ": 2 }\n}",
		} {
			_, errs := Parse("x", []byte(src))
			switch {
			case c.fix == "" && len(errs) > 0:
				t.Errorf("%s: %v", src, errs)
			case c.fix != "" && (len(errs) != 1 || errs[0].Fix != c.fix || errs[0].Code != CodeValue):
				t.Errorf("%s: %v", src, errs)
			}
		}
	}
}

// TestIntervalsPrint holds intervals whose ends differ by orders of magnitude
// to a text that reads as the same ends: with a suffix at both or at neither.
func TestIntervalsPrint(t *testing.T) {
	for _, c := range []struct {
		lo, hi float64
		want   string
	}{
		{10, 20e6, "10-20000000"},
		{1e6, 20e6, "1M-20M"},
		{0, 20e6, "0-20M"},
		{500, 2e6, "500-2000000"},
		{1.5e6, 2_000_001, "1500000-2000001"},
		{1.5e6, 3e9, "1.5M-3B"},
		{-10, 20e6, "-10..20000000"},
		{-20e6, -10e6, "-20M..-10M"},
		{0.5, 1e9, "0.5-1000000000"},
	} {
		rs := &Ruleset{Dimensions: []Dimension{{Name: "points", Items: []Item{
			{Rule: &Rule{Of: Formula{Text: "n"}, Table: []Entry{{Key: Key{Kind: KeyRange, Lo: c.lo, Hi: c.hi}, Value: 1}}}},
			{Rule: &Rule{Of: Formula{Text: "n"}, Ramp: &Ramp{To: 5, Lo: c.lo, Hi: c.hi}}},
		}}}}
		text := rs.Format()
		want := "n  → { " + c.want + ": +1 }\nn  → 0..5  over " + c.want + "\n"
		if diff := cmp.Diff(want, string(text)); diff != "" {
			t.Errorf("%v to %v: %s", c.lo, c.hi, diff)
		}
		again, errs := Parse("x", text)
		if len(errs) > 0 {
			t.Errorf("%s: %v", text, errs)
			continue
		}
		a, _ := json.Marshal(rs)
		b, _ := json.Marshal(again)
		if diff := cmp.Diff(string(a), string(b)); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
}
