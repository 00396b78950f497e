package accountscore

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestExplainInto holds an explanation that is used again and again, by several
// models, to one that is made anew.
func TestExplainInto(t *testing.T) {
	var into Explanation
	for seed := range uint64(60) {
		r := newRandom(50_000 + seed)
		m, src := randomModel(t, r)
		other, _ := randomModel(t, r)
		for range 4 {
			a := r.account(r.IntN(3) == 0)
			other.ExplainInto(&into, r.account(true), testMoment)
			m.ExplainInto(&into, a, testMoment)
			x := m.Explain(a, testMoment)
			want, err := json.Marshal(x)
			require.NoError(t, err)
			got, err := json.Marshal(&into)
			require.NoError(t, err)
			require.Equal(t, string(want), string(got), src)
			require.Equal(t, m.Score(a, testMoment), m.Score(into.Apply(nil), testMoment), src)
		}
	}
	var back Explanation
	require.NoError(t, json.Unmarshal([]byte(`{"lines": [{"text": "old"}], "missing": [{"field": "old"}]}`), &back))
	m := compile(t, "dimension d {\n a > 1 → +1\n}")
	m.ExplainInto(&back, Account{Fields: map[string]any{"a": 1}}, testMoment)
	require.Empty(t, back.Lines)
	require.Empty(t, back.Missing)
}

// TestExplainIntoSpoilt holds explanations to what they are where the caller has
// changed all of the one before: what stands prepared in the model is no part
// of any, and nothing that the caller wrote is left.
func TestExplainIntoSpoilt(t *testing.T) {
	for seed := range uint64(60) {
		r := newRandom(60_000 + seed)
		m, src := randomModel(t, r)
		var into Explanation
		for range 4 {
			a := r.account(r.IntN(3) == 0)
			x := m.Explain(a, testMoment)
			want, err := json.Marshal(x)
			require.NoError(t, err)
			scribble(reflect.ValueOf(x).Elem())
			scribble(reflect.ValueOf(&into).Elem())
			for _, again := range []func() *Explanation{
				func() *Explanation { return m.Explain(a, testMoment) },
				func() *Explanation { m.ExplainInto(&into, a, testMoment); return &into },
			} {
				got, err := json.Marshal(again())
				require.NoError(t, err)
				require.Equal(t, string(want), string(got), src)
			}
		}
	}
}

// scribble changes everything that a caller can reach.
func scribble(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			scribble(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Field(i); f.CanSet() {
				scribble(f)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			scribble(v.Index(i))
		}
	case reflect.String:
		v.SetString("spoilt")
	case reflect.Float64:
		v.SetFloat(-99)
	case reflect.Int, reflect.Int64:
		v.SetInt(-99)
	case reflect.Bool:
		v.SetBool(true)
	}
}

// TestExplainIntoAllocates nothing, once there is room for all.
func TestExplainIntoAllocates(t *testing.T) {
	m := compile(t, `field a number
field b text one of [x, y]
field c list
dimension d out of 9 {
  a > 1 → +1
  a > 5 and b = x → +2
  b → { x: 1, y: 2 }
  best of { c has any [p] → +3
    a > 9 → +4 }
}
tiers { top when score > 90 play "call"
 low otherwise }`)
	var x Explanation
	for _, fields := range []map[string]any{{"a": 7.0, "b": "x", "c": []string{"q"}}, {"a": 7.0}} {
		a := Account{ID: "a", Fields: fields}
		for range 5 {
			m.ExplainInto(&x, a, testMoment)
		}
		lists := float64(count(fields["c"] != nil)) * 4 // two copies of its list, and of each its header
		// Under the race detector a pool drops at random what it is given.
		least := lists + 1
		for try := 0; try < 50 && least > lists; try++ {
			least = min(least, testing.AllocsPerRun(1, func() { m.ExplainInto(&x, a, testMoment) }))
		}
		require.LessOrEqual(t, least, lists)
	}
}
