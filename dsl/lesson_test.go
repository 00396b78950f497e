package dsl

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestLessons holds every code to a lesson whose example compiles and reads
// back the same.
func TestLessons(t *testing.T) {
	src, err := os.ReadFile("errors.go")
	require.NoError(t, err)
	var declared []Code
	for _, m := range regexp.MustCompile(`(?m)^\tCode\w+\s+Code = "([a-z-]+)"`).FindAllStringSubmatch(string(src), -1) {
		declared = append(declared, Code(m[1]))
	}
	slices.Sort(declared)
	require.NotEmpty(t, declared)
	require.Equal(t, declared, Codes(), "a code without a lesson, or a lesson without a code")

	for _, code := range Codes() {
		t.Run(string(code), func(t *testing.T) {
			l := lessons[code]
			rs, errs := Parse("lesson.rules", []byte(l.example))
			require.Empty(t, errs)
			_, errs = Check(rs, Bindings{Final: true})
			require.Empty(t, errs)
			again, errs := Parse("lesson.rules", rs.Format())
			require.Empty(t, errs)
			assert.Equal(t, string(rs.Format()), string(again.Format()))
			for line := range strings.SplitSeq(l.rule, "\n") {
				assert.LessOrEqual(t, len([]rune(line)), 130, "a line of a lesson fits a terminal")
			}
		})
	}
}

func TestLesson(t *testing.T) {
	_, errs := Parse("x.rules", []byte("employees => 1000 → +50"))
	require.Len(t, errs, 1)
	assert.Equal(t, `x.rules:1:11: => is an arrow and stands before points [syntax]
    employees => 1000 → +50
              ^
    fix: write >= for at least

A rule is a condition, an arrow and points, on a line of its own. A condition compares a field with a value.

For example:

    employees >= 1000 and country in [US, UK] → +50`, errs[0].Lesson())

	// An error of another's making has no lesson and loses nothing.
	own := &Error{Code: "mine", Message: "no"}
	assert.Equal(t, own.Error(), own.Lesson())
}
