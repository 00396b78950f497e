package accountscore

import (
	"fmt"
	"html"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// rowsOf makes things with numbered names.
func rowsOf[T any](n int, one func(name string) T) []T {
	list := make([]T, n)
	for i := range list {
		list[i] = one(fmt.Sprintf("no%04d", i))
	}
	return list
}

// TestRowsLeftOut: of many rows of one kind each rendering shows the first, and
// says how many more there are.
func TestRowsLeftOut(t *testing.T) {
	tests := rowsOf(maxTestRows+2, func(name string) TestExplanation {
		return TestExplanation{Text: name, State: StateFailed, Seen: []Seen{{Name: name, State: ValueUnset}}}
	})
	for _, tt := range []struct {
		name  string
		x     Explanation
		shown int
		more  string
		total string // what those left out bring
	}{
		{"contacts", Explanation{Dimensions: []DimensionExplanation{{Contacts: &ContactsExplanation{Contacts: rowsOf(maxContactRows+2, func(name string) ContactExplanation {
			return ContactExplanation{ID: name, Share: 1.5}
		})}}}}, maxContactRows, "contacts", "+3"},
		{"missing", Explanation{Missing: rowsOf(maxNoteRows+2, func(name string) FieldNote { return FieldNote{Field: name, State: ValueUnset} })}, maxNoteRows, "fields", ""},
		{"stale", Explanation{Stale: rowsOf(maxNoteRows+2, func(name string) FieldNote { return FieldNote{Field: name, State: ValueStale} })}, maxNoteRows, "fields", ""},
		{"invalid", Explanation{Invalid: rowsOf(maxInvalidRows+2, func(name string) InvalidValue { return InvalidValue{Field: name} })}, maxInvalidRows, "", ""},
		{"tests of a tier", Explanation{Tiers: []TierExplanation{{Name: "top", Tests: tests}}}, maxTestRows, "tests", ""},
		{"tests of a disqualification", Explanation{Disqualify: []DisqualifyExplanation{{State: StateFailed, Tests: tests}}}, maxTestRows, "tests", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for kind, shown := range map[string]string{"text": tt.x.Text(), "markdown": tt.x.Markdown(), "page": html.UnescapeString(tt.x.HTML())} {
				require.Contains(t, shown, fmt.Sprintf("no%04d", tt.shown-1), kind)
				require.NotContains(t, shown, fmt.Sprintf("no%04d", tt.shown), kind)
				require.Equal(t, 1, strings.Count(shown, strings.TrimSpace("and 2 more "+tt.more)), kind)
				if tt.total != "" {
					_, after, _ := strings.Cut(shown, "and 2 more")
					require.Contains(t, after, tt.total, kind)
				}
			}
		})
	}
}

// TestNoRoomForAll: what a document or a page has no room for is counted, and what
// follows is shorter.
func TestNoRoomForAll(t *testing.T) {
	long := strings.Repeat("x", maxRowText-10)
	rules := func(n int) []GroupExplanation {
		return rowsOf(n, func(name string) GroupExplanation {
			return GroupExplanation{Rules: []RuleExplanation{{Text: name + long, State: StateFailed}}}
		})
	}
	dimensions := func(n int) []DimensionExplanation {
		return rowsOf(n, func(name string) DimensionExplanation {
			return DimensionExplanation{Name: "d" + name, Groups: rules(200)}
		})
	}
	tiers := func(n int) []TierExplanation {
		return rowsOf(n, func(name string) TierExplanation { return TierExplanation{Name: name, Text: long} })
	}
	contacts := &ContactsExplanation{Contacts: rowsOf(3, func(name string) ContactExplanation { return ContactExplanation{ID: name, Share: 1.5} })}
	for _, tt := range []struct {
		name, what string
		all        int
		x          Explanation
		each       string // what one that is shown begins with
	}{
		{"rules", "more rules?", 1000, Explanation{Dimensions: []DimensionExplanation{{Groups: rules(1000), Contacts: contacts}}}, `no[0-9]{4}x`},
		{"dimensions", "more dimensions?", 9, Explanation{Dimensions: dimensions(9)}, `dno[0-9]{4}</h2>|## dno[0-9]{4}`},
		{"tiers", "more tiers?", 1000, Explanation{Tiers: tiers(1000)}, `"tier">no[0-9]{4}|\*\*no[0-9]{4}`},
	} {
		for kind, shown := range map[string]string{"text": tt.x.Markdown(), "page": tt.x.HTML()} {
			t.Run(tt.name+" in a "+kind, func(t *testing.T) {
				found := regexp.MustCompile("([0-9]+) "+tt.what+" that the "+kind+" has no room for").FindAllStringSubmatch(shown, -1)
				more := 0
				for _, f := range found {
					n, err := strconv.Atoi(f[1])
					require.NoError(t, err)
					more += n
				}
				require.Len(t, found, 1)
				require.Positive(t, more)
				require.Equal(t, tt.all, more+len(regexp.MustCompile(tt.each).FindAllString(shown, -1)))
			})
		}
	}

	// What comes after all the room was taken says only that it is there.
	full := Explanation{Dimensions: []DimensionExplanation{{Groups: rules(1000), Contacts: contacts}}, Tiers: tiers(1)}
	require.NotContains(t, full.Markdown(), "## Tiers")
	require.Contains(t, full.HTML(), "and 3 more contacts")
	require.Contains(t, full.HTML(), "… and 1 more tier that the page has no room for")
}
