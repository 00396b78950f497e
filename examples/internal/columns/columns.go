// Package columns prints aligned tables, as the example programs do.
package columns

import (
	"io"
	"strings"
	"unicode/utf8"
)

// Write prints rows under their heads, each column as wide as its widest cell
// and two spaces apart. A head that begins with ">" aligns its column to the
// right. A row may be shorter than the heads.
func Write(w io.Writer, heads []string, rows [][]string) error {
	right := make([]bool, len(heads))
	titles := make([]string, len(heads))
	widths := make([]int, len(heads))
	for i, h := range heads {
		titles[i], right[i] = strings.CutPrefix(h, ">")
		widths[i] = utf8.RuneCountInString(titles[i])
	}
	for _, row := range rows {
		for i, cell := range row[:min(len(row), len(heads))] {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	for _, row := range append([][]string{titles}, rows...) {
		var line strings.Builder
		for i, cell := range row[:min(len(row), len(heads))] {
			gap := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i > 0 {
				line.WriteString("  ")
			}
			if right[i] {
				line.WriteString(gap + cell)
			} else {
				line.WriteString(cell + gap)
			}
		}
		b.WriteString(strings.TrimRight(line.String(), " "))
		b.WriteByte('\n')
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Clip shortens a text to n characters, the last of them an ellipsis, and
// makes it one line.
func Clip(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}
