package accountscore

import (
	"errors"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/dsl"
)

// rude is an error whose own text panics.
type rude struct{}

func (rude) Error() string { panic("rude") }

// TestFunctionThatFails: a score goes on without the answer, and the
// explanation says whose fault it is.
func TestFunctionThatFails(t *testing.T) {
	ratio := func(a, b float64) (float64, error) {
		switch {
		case b == 0:
			return 0, errors.New("nothing to divide by")
		case b < 0:
			var none []float64
			return none[int(a)], nil
		case b == 1:
			return math.Inf(1), nil
		case b == 2:
			return 0, rude{}
		}
		return a / b, nil
	}
	odd := func(s string) bool { panic("odd: " + s) }
	rs, err := Parse("r", []byte(`field a number
field b number
field s text
let r = ratio(a, b)
dimension d {
  ratio(a, b) > 1 → +1
  max(ratio(a, b), 0) + 1 > 1 → +2
  odd(s) → +4
  r > 1 → +8
  true → +16 per ratio(a, b)
  ratio(a, b) → 0..10 over 0-10
}
`))
	require.NoError(t, err)
	m := MustCompile(rs, WithFunc("ratio", ratio), WithFunc("odd", odd))
	for b, why := range map[float64]string{
		0:  "the function ratio failed: nothing to divide by",
		-1: "the function ratio failed: runtime error: index out of range [5] with length 0",
		1:  "the function ratio failed: it gave +Inf",
		2:  "the function ratio failed: %!v(PANIC=Error method: rude)",
	} {
		a := Account{Fields: map[string]any{"a": 5, "b": b, "s": "x"}}
		assert.Equal(t, 6, m.Score(a, testMoment).Unknown)
		x := m.Explain(a, testMoment)
		for i, g := range x.Dimensions[0].Groups {
			want := why
			if i == 2 {
				want = "the function odd failed: odd: x"
			}
			require.NotEmpty(t, g.Rules[0].Tests, i)
			assert.Equal(t, want, g.Rules[0].Tests[0].Seen[0].Failed, "rule %d, b %v", i+1, b)
		}
		for _, text := range []string{x.Text(), string(x.Markdown())} {
			assert.Contains(t, text, "the function ratio failed")
			assert.Contains(t, text, "the function odd failed: odd: x")
			assert.NotContains(t, text, "could earn 0 to 0")
		}
	}
	x := m.Explain(Account{Fields: map[string]any{"a": 5, "s": "x"}}, testMoment)
	assert.NotContains(t, x.Text(), "ratio failed", "without its arguments it is not called")
}

func TestTwoFunctionsOfOneName(t *testing.T) {
	rs, err := Parse("r", []byte("n > 1 → +1\n"))
	require.NoError(t, err)
	one := func(float64) float64 { return 1 }
	_, err = Compile(rs, WithFunc("f", one), WithFunc("f", one))
	var e *dsl.Error
	require.True(t, errors.As(err, &e))
	assert.Equal(t, dsl.CodeFunction, e.Code)
	assert.Contains(t, e.Message, "given twice")
	_, err = Compile(rs, WithFunc("f", one), WithFunc("g", one))
	assert.NoError(t, err)
}
