package dsl

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// An interval in a list was meant as one, unless something says that it is
// text.
func TestIntervalsInLists(t *testing.T) {
	for _, tt := range []struct {
		src  string
		code Code
		fix  string
	}{
		{"x in [1-5, 7] → +1", CodeInference, "`x in 1-5 or x = 7`; if it is text write \"1-5\" in quotes"},
		{"x in [1-5] → +1", CodeInference, "`x in 1-5`"},
		{"x in [7, 9, 1k–5k] → +1", CodeInference, "`x in 1k–5k or x in [7, 9]`"},
		{"x not in [-5--1, 7] → +1", CodeInference, "`not (x in -5--1 or x = 7)`"},
		{"x in [1-5, 1000+] → +1", CodeInference, "`x in 1-5 or x >= 1000`"},
		{"field x number\nx in [1-5, 7] → +1", CodeType, "`x in 1-5 or x = 7`"},
		{"len(x) in [1-5, 7] and x starts with \"a\" → +1", CodeInference, "`len(x) in 1-5 or len(x) = 7`"},

		{`x in ["1-5", 7] → +1`, CodeNone, ""},
		{"x in [1-5, mid] → +1", CodeNone, ""},
		{`x in [1-5, 7] and x starts with "1" → +1`, CodeNone, ""},
		{"field x text\nx in [1-5, 7] → +1", CodeNone, ""},
		{"x has any [1-5, 7] → +1", CodeNone, ""},
		{"x in [1-5-7, a-5, 2-b] → +1", CodeNone, ""},
		{"x in [2026-10-01] → +1", CodeNone, ""},
		{"x in [-5, 7] → +1", CodeNone, ""},
	} {
		t.Run(tt.src, func(t *testing.T) {
			rs, errs := Parse("x.rules", []byte(tt.src))
			require.Empty(t, errs)
			_, errs = Check(rs, Bindings{})
			if tt.code == CodeNone {
				require.Empty(t, errs)
				return
			}
			require.Len(t, errs, 1)
			assert.Equal(t, tt.code, errs[0].Code)
			assert.Contains(t, errs[0].Fix, tt.fix)
			assert.Contains(t, errs[0].Message, "is an interval")
		})
	}
}
