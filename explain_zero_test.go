package accountscore

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestZeroDivisor holds that a value which nothing but a division by zero
// keeps from being known says so, behind lets too, and that no other does.
func TestZeroDivisor(t *testing.T) {
	for _, tt := range []struct{ lets, when, says string }{
		{"", "a / b > 1", "a / b is unknown (divided by b, which is 0), a is 6, b is 0"},
		{"", "a % b > 1", "a % b is unknown (divided by b, which is 0), a is 6, b is 0"},
		{"", "a / (c - 2) > 1", "a / (c - 2) is unknown (divided by 0), a is 6, c is 2"},
		{"", "a / 0 > 1", "a / 0 is unknown (divided by 0), a is 6"},
		{"let q = a / b", "q > 1", "q is unknown (divided by b, which is 0)"},
		{"let q = a / b\nlet r = q + q\nlet s = r + r", "s * s > 1", "s * s is unknown (divided by b, which is 0), s is unknown (divided by b, which is 0)"},
		{"let q = c > 1 ? a / b : c / d", "q > 1", "q is unknown (divided by b, which is 0), d is unset"},
		{"let q = c > 2 ? a / b : d + 1", "q > 1", "q is unknown, d is unset"},
		{"let q = d > 2 ? a / b : a", "q > 1", "q is unknown, d is unset"},
		{"", "d / a > 1", "d / a is unknown, d is unset, a is 6"},
	} {
		t.Run(tt.lets+" "+tt.when, func(t *testing.T) {
			m := compile(t, "field a number\nfield b number\nfield c number\nfield d number\n"+tt.lets+"\n"+tt.when+" → +5\n")
			x := m.Explain(Account{Fields: map[string]any{"a": 6.0, "b": 0.0, "c": 2.0}}, testMoment)
			r := &x.Dimensions[0].Groups[0].Rules[0]
			require.Equal(t, StateUnknown, r.State)
			require.Equal(t, tt.says, phrase(&r.Tests[0]))
		})
	}
}

// TestGroupTellsWhatIsMissing holds that the reason of a group without an
// answer says which values its rules wait for, as that of a rule does.
func TestGroupTellsWhatIsMissing(t *testing.T) {
	m := compile(t, `
field stack text
field size number
best of Cloud { stack = AWS → +20
  stack = GCP and size > 5 → +10
  size > 50 → +5 }
`)
	for _, tt := range []struct {
		fields map[string]any
		want   string
	}{
		{nil, "stack is unset, size is unset"},
		{map[string]any{"size": 5.0}, "stack is unset"},
		{map[string]any{"size": 5.0, "stack": "x"}, ""},
		{map[string]any{"size": 60.0}, ""},
	} {
		x := m.Explain(Account{Fields: tt.fields}, testMoment)
		require.Equal(t, tt.want, x.Reasons(1)[0].Missing)
	}
	x := m.Explain(Account{}, testMoment)
	require.Contains(t, x.Text(), "? Cloud, stack is unset, size is unset (points.Cloud): 0 against 20")
	require.Equal(t, "Cloud, stack is unset, size is unset", x.Writeback("")["reason_1"])
}
