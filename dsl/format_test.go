package dsl

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sameMeaning compares rulesets whose conditions may be worded differently.
var sameMeaning = cmp.Options{
	sameRuleset,
	cmp.Comparer(func(f, g Formula) bool { return formatFormula(f) == formatFormula(g) }),
}

func TestFormatRoundTrip(t *testing.T) {
	for seed := range uint64(100) {
		want := newRandom(seed).ruleset()
		text := want.Format()
		got, errs := Parse("random", text)
		if len(errs) > 0 {
			t.Fatalf("seed %d: the text does not parse: %v\n%s", seed, errs, text)
		}
		if diff := cmp.Diff(want, got, sameMeaning); diff != "" {
			t.Fatalf("seed %d: the text changed the ruleset (-want +got):\n%s\n%s", seed, diff, text)
		}
		if again := got.Format(); !bytes.Equal(again, text) {
			t.Fatalf("seed %d: the text is not stable:\n%s", seed, cmp.Diff(string(text), string(again)))
		}
	}
}
