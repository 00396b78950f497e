package accountscore

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/internal/micro"
)

// TestAttributionText: the points of the headings add up to the change, whatever
// changed, and every line keeps within its width.
func TestAttributionText(t *testing.T) {
	kinds := map[ContributionKind]int{}
	for seed := range uint64(60) {
		r := newRandom(71_000 + seed)
		m, _ := randomModel(t, r)
		other, _ := randomModel(t, r)
		after := m
		if r.IntN(3) == 0 {
			after = other
		}
		x := attribute(t, m.Explain(r.account(true), testMoment), after.Explain(r.account(true), testMoment.AddDate(0, 0, r.IntN(40))))
		text := x.Text()
		var sum micro.M
		for _, block := range strings.Split(text, "\n\n")[1:] {
			heading, _, _ := strings.Cut(block, "\n")
			at := strings.LastIndexByte(heading, ' ')
			var points float64
			_, err := fmt.Sscan(strings.ReplaceAll(heading[at+1:], ",", ""), &points)
			require.NoError(t, err, "%q", heading)
			sum += micro.Of(points)
		}
		require.Equal(t, micro.Of(x.Change), sum, text)
		require.Equal(t, text, escapes.ReplaceAllString(x.Text(Color()), ""))
		for _, width := range []int{40, 77} {
			for line := range strings.SplitSeq(x.Text(Width(width)), "\n") {
				require.LessOrEqual(t, columns(line), width)
			}
		}
		for _, c := range x.Contributions {
			kinds[c.Kind]++
			if c.Kind != FromTime && c.Kind != FromRounding {
				require.Contains(t, x.Markdown(), "| "+escaped(c.Text)+" | "+points(c.Points)+" | ")
			}
		}
		require.Equal(t, len(x.Contributions) > 0, strings.Contains(x.Markdown(), "| "+figure(x.After)+" |\n"))
	}
	for _, k := range contributionTitles {
		require.Positive(t, kinds[k.kind], "no %s in %v", k.kind, kinds)
	}
}

// TestAttributionForms holds both renderings of an attribution.
func TestAttributionForms(t *testing.T) {
	x := &Attribution{AccountID: "acme", From: testMoment, To: testMoment.AddDate(0, 0, 1), Before: 10, After: 15, Change: 5, ModelChanged: true, Contributions: []Contribution{
		{Kind: FromData, Text: "a | b", Points: 4}, {Kind: FromData, Text: "c", Points: -2}, {Kind: FromModel, Text: "new", Points: 2.75}, {Kind: FromRounding, Text: "rounding", Points: 0.25}}}
	require.Equal(t, `acme: score 10 to 15                  +5
from 2026-11-01 00:00 UTC to 2026-11-02
00:00 UTC, by another model

data                                  +2
  a | b                               +4
  c                                   -2

model                              +2.75
  new

rounding of the published          +0.25
scores
`, x.Text(Width(40)))
	require.Equal(t, `# acme: score 10 to 15

**+5** from 2026-11-01 00:00 UTC to 2026-11-02 00:00 UTC, by another model.

| What | Points | So far |
|---|---:|---:|
| **Before** |  | 10 |
| **data** |  |  |
| a \| b | +4 | 14 |
| c | -2 | 12 |
| **model** |  |  |
| new | +2.75 | 14.75 |
| **rounding of the published scores** | +0.25 | 15 |
| **After** | **+5** | 15 |
`, x.Markdown())
}

// TestAttributionTextIsInert: what the data say is shown as it is, and much of
// it in part.
func TestAttributionTextIsInert(t *testing.T) {
	x := &Attribution{AccountID: "\x1b[31m<b>a_b_c</b>\n# x", Change: 1000}
	for i := range 1000 {
		x.Contributions = append(x.Contributions, Contribution{Kind: FromContactJoined, Text: fmt.Sprint(i, strings.Repeat("<|*\x1b", 1000)), Points: 1})
	}
	x.Contributions = append(x.Contributions, Contribution{Kind: FromContactLeft, Text: "a", Points: -7}, Contribution{Kind: FromRounding, Text: "r", Points: 7})
	x.After = 1000
	for _, text := range []string{x.Text(), x.Markdown()} {
		require.Less(t, len(text), 2<<20)
		require.False(t, strings.ContainsFunc(text, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }))
		require.True(t, strings.Contains(text, "that the text has no room for"))
		require.True(t, strings.Contains(text, "+1,000"))
	}
	require.False(t, strings.Contains(x.Markdown(), "<b>"))
	left := regexp.MustCompile(`\n\| … and ([0-9]+) more parts that the text has no room for \| \+([0-9]+) \| 1,000 \|\n\| \*\*After`).FindStringSubmatch(x.Markdown())
	require.Len(t, left, 3, "what is left out sums too")
	more, err := strconv.Atoi(left[1])
	require.NoError(t, err)
	require.Equal(t, strconv.Itoa(more-2), left[2])
	require.Equal(t, 1002, more+strings.Count(x.Markdown(), " | +1 | "))
	require.NotContains(t, x.Markdown(), "contacts that left", "no heading without a line")
	require.Equal(t, 1, strings.Count((&Attribution{}).Markdown(), "\n\n**0** "), "no table of nothing")
	require.NotContains(t, (&Attribution{}).Markdown(), "|")
	require.Equal(t, "Account without an id: score 0 to 0                                                                0\n"+
		"from 0001-01-01 00:00 UTC to 0001-01-01 00:00 UTC\nnothing changed the score\n", (&Attribution{}).Text())
	require.Contains(t, (&Attribution{}).Markdown(), "\nNothing changed the score.\n")
	var none *Attribution
	require.Equal(t, [2]string{(&Attribution{}).Text(), (&Attribution{}).Markdown()}, [2]string{none.Text(), none.Markdown()})
	require.Zero(t, none.Total(FromTime))
}
