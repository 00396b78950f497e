package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestLongTable holds that a table keeps its columns beyond the rows that
// decide how wide they are.
func TestLongTable(t *testing.T) {
	var rows strings.Builder
	rows.WriteString("id,employees\n")
	for i := range 3 * tableRows {
		fmt.Fprintf(&rows, "account %04d,%d\n", i, 12*(i%2))
	}
	dir := files(t, map[string]string{"r.rules": plainRules, "a.csv": rows.String()})
	r := in(t, dir, "", "score", "-at", "2026-11-01", "r.rules", "a.csv")
	require.Equal(t, 0, r.code)
	lines := strings.Split(strings.TrimSuffix(r.out, "\n"), "\n")
	require.Len(t, lines, 3*tableRows+1)
	for _, line := range lines {
		require.Equal(t, len([]rune(lines[0])), len([]rune(line)), line)
	}
	require.Contains(t, r.err, "rules without an answer for any of the first 1,000 accounts: points.2")
}

func TestEmptyInputStillHasHeads(t *testing.T) {
	dir := files(t, map[string]string{"r.rules": plainRules, "a.csv": ""})
	const says = "there is no account in the data\n"
	require.Equal(t, ran{1, "id  score  could be  tier  points  unknown  invalid\n", says}, in(t, dir, "", "score", "r.rules", "a.csv"))
	require.Equal(t, ran{1, "", says}, in(t, dir, "", "score", "-json", "-quiet", "r.rules", "a.csv"))
	require.Equal(t, ran{1, "id,score,low,high,tier,tier_certain,reason,grade,dimension.points,contacts,engaged,senior_engaged,completeness,unknown,invalid\n", says},
		in(t, dir, "", "score", "-csv", "r.rules", "a.csv"))
}

func TestNothingForATerminalToActUpon(t *testing.T) {
	dir := files(t, map[string]string{"r.rules": plainRules})
	r := in(t, dir, "{\"id\":\"\\u001b[31m\",\"fields\":{\"employees\":\"\\u001b[2J\",\"\\u001b]0;x\":1}}\n", "score", "-at", "2026-11-01", "r.rules", "-")
	require.Equal(t, 0, r.code)
	require.NotContains(t, r.out+r.err, "\x1b")
}

func TestGrouped(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1000: "-1,000", -100: "-100"} {
		require.Equal(t, want, grouped(n))
	}
}

func TestExplain(t *testing.T) {
	data := "id,employees\na,12\nbad\nb,3\n"
	dir := files(t, map[string]string{"r.rules": plainRules, "a.csv": data, "one.json": `{"id":"z","fields":{"employees":12}}`, "none.csv": "id\n"})
	r := in(t, dir, "", "explain", "-id", "b", "-at", "2026-11-01", "r.rules", "a.csv")
	require.Equal(t, 1, r.code, "the bad line before it")
	require.Contains(t, r.out, "2026-11-01 00:00 UTC\nScore 0")
	require.Contains(t, r.err, "a.csv:3: ")
	r = in(t, dir, "", "explain", "-id", "a", "-at", "2026-11-01", "r.rules", "a.csv")
	require.Equal(t, 0, r.code)
	r = in(t, dir, "", "explain", "-at", "2026-11-01", "r.rules", "one.json")
	require.Equal(t, 0, r.code)
	require.Contains(t, r.out, "z, model ")
	r = in(t, dir, "", "explain", "r.rules", "a.csv")
	require.Equal(t, 2, r.code)
	require.Contains(t, r.err, "-id says which")
	r = in(t, dir, "", "explain", "-id", "c", "r.rules", "a.csv")
	require.Equal(t, 1, r.code)
	require.Contains(t, r.err, `no account has the id "c"`)
	r = in(t, dir, "", "explain", "r.rules", "none.csv")
	require.Equal(t, 1, r.code)
	require.Contains(t, r.err, "there is no account in the data")
}
