package spell

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestSuggest(t *testing.T) {
	among := []string{"employees", "revenue", "tech_stack", "vp", "industry", "country", "größe"}
	for name, want := range map[string]string{
		"employes": "employees", "employee": "employees", "emploeyes": "employees", "Employees": "employees", "revnue": "revenue", "techStack": "tech_stack",
		"tech-stack": "tech_stack", "industri": "industry", "contry": "country", "vpp": "vp", "grösse": "größe",
		"": "", "x": "", "ab": "", "headcount": "", "employees": "", "completely_different": "",
	} {
		assert.Equal(t, want, new(Speller).Suggest(name, among), name)
	}
	assert.Equal(t, "ab", new(Speller).Suggest("abc", []string{"ab", "abd"}), "the first of equals")
	assert.Empty(t, new(Speller).Suggest(strings.Repeat("a", 100), []string{strings.Repeat("a", 99)}))
	assert.Empty(t, new(Speller).Suggest(strings.Repeat("İ", 20), []string{strings.Repeat("İ", 24)}), "lower case may be longer")
}

// Thousands of slips among thousands of names: those that come first are
// helped, and the rest takes no time.
func TestSuggestGivesUp(t *testing.T) {
	var s Speller
	among, asked := make([]string, maxCompared/10), 0
	for i := range among {
		among[i] = fmt.Sprintf("%s%05d", strings.Repeat("a", 40), i)
	}
	list := func() []string { asked++; return among }
	begin := time.Now()
	for i := range 1_000 {
		near := s.Near(strings.Repeat("a", 39)+"00000", list)
		assert.Equal(t, i < 10, near != "", "question %d", i)
	}
	assert.Equal(t, 10, asked)
	assert.Len(t, s.plain, len(among))
	assert.Empty(t, s.Suggest("ab", []string{"abc"}), "a list that is there is no way around the bound")
	assert.Less(t, time.Since(begin), 10*time.Second)
}
