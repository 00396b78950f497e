package dsl

import (
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
		assert.Equal(t, want, suggest(name, among), name)
	}
	assert.Equal(t, "ab", suggest("abc", []string{"ab", "abd"}), "the first of equals")
	assert.Empty(t, suggest(strings.Repeat("a", 100), []string{strings.Repeat("a", 99)}))
	assert.Empty(t, suggest(strings.Repeat("İ", 20), []string{strings.Repeat("İ", 24)}), "lower case may be longer")
}

func TestSuggestIsQuick(t *testing.T) {
	among := make([]string, 10_000)
	for i := range among {
		among[i] = strings.Repeat(string(rune('a'+i%26)), 40)
	}
	start := time.Now()
	for range 10 {
		suggest(strings.Repeat("a", 40)+"b", among)
	}
	assert.Less(t, time.Since(start), 2*time.Second)
}
