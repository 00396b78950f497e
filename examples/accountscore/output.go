package main

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/examples/internal/columns"
)

// printJSON prints one JSON object on a line of its own.
func (c *command) printJSON(v any) error {
	enc := json.NewEncoder(c.out)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// results prints results in one of the forms.
type results interface {
	write(r *accountscore.Result) error
	close() error
}

// newResults chooses the form. The columns are those that an account without
// data has: they depend on the model alone.
func (c *command) newResults(m *accountscore.Model, asCSV bool) results {
	empty := m.Score(accountscore.Account{}, sampleMoment)
	switch {
	case c.json:
		return jsonResults{c}
	case asCSV:
		return &csvResults{w: csv.NewWriter(c.out), empty: &empty}
	}
	return &tableResults{w: c.out, empty: &empty}
}

type jsonResults struct{ c *command }

func (j jsonResults) write(r *accountscore.Result) error { return j.c.printJSON(r) }
func (j jsonResults) close() error                       { return nil }

// csvResults prints a row an account. A dimension is a column of its points, a
// ladder or a grading one of its answer; names that a result has already are
// told apart by their kind.
type csvResults struct {
	w      *csv.Writer
	empty  *accountscore.Result
	headed bool
}

func (c *csvResults) head() error {
	if c.headed {
		return nil
	}
	c.headed = true
	heads := []string{"id", "score", "low", "high", "tier", "tier_certain", "reason", "grade"}
	for _, d := range c.empty.Dimensions {
		heads = append(heads, "dimension."+d.Name)
	}
	for _, l := range c.empty.Labels {
		heads = append(heads, "label."+l.Name)
	}
	return c.w.Write(append(heads, "contacts", "engaged", "senior_engaged", "completeness", "unknown", "invalid"))
}

func (c *csvResults) write(r *accountscore.Result) error {
	if err := c.head(); err != nil {
		return err
	}
	row := []string{r.AccountID, decimal(r.Score), decimal(r.Low), decimal(r.High), r.Tier, strconv.FormatBool(r.TierCertain), r.Reason, r.Grade}
	for _, d := range r.Dimensions {
		row = append(row, decimal(d.Points))
	}
	for _, l := range r.Labels {
		row = append(row, l.Value)
	}
	return c.w.Write(append(row, strconv.Itoa(r.Contacts), strconv.Itoa(r.Engaged), strconv.Itoa(r.SeniorEngaged),
		decimal(r.Completeness), strconv.Itoa(r.Unknown), strconv.Itoa(r.Invalid)))
}

func (c *csvResults) close() error {
	if err := c.head(); err != nil {
		return err
	}
	c.w.Flush()
	return c.w.Error()
}

// tableRows are the rows that decide how wide the columns of a table are, so
// that a long table need not be held in memory.
const tableRows = 1000

// tableResults prints an aligned table.
type tableResults struct {
	w      *bufio.Writer
	empty  *accountscore.Result
	rows   [][]string
	widths []int
}

func (t *tableResults) heads() []string {
	heads := []string{"id", ">score", ">could be", "tier"}
	if t.empty.Grade != "" {
		heads = append(heads, "grade")
	}
	for _, d := range t.empty.Dimensions {
		heads = append(heads, ">"+d.Name)
	}
	for _, l := range t.labels(t.empty) {
		heads = append(heads, l.Name)
	}
	return append(heads, ">unknown", ">invalid")
}

// labels leaves out the single letters of a grade that is shown whole.
func (t *tableResults) labels(r *accountscore.Result) []accountscore.Label {
	if t.empty.Grade == "" {
		return r.Labels
	}
	return slices.DeleteFunc(slices.Clone(r.Labels), func(l accountscore.Label) bool { return strings.HasSuffix(l.Name, ".grade") })
}

func (t *tableResults) write(r *accountscore.Result) error {
	tier := r.Tier
	if tier == "" {
		tier = "-"
	}
	if !r.TierCertain {
		tier += "?"
	}
	could := ""
	if r.Low != r.High {
		could = decimal(r.Low) + "–" + decimal(r.High)
	}
	row := []string{columns.Clip(plain(r.AccountID), 40), decimal(r.Score), could, tier}
	if t.empty.Grade != "" {
		row = append(row, r.Grade)
	}
	for _, d := range r.Dimensions {
		row = append(row, decimal(d.Points))
	}
	for _, l := range t.labels(r) {
		row = append(row, l.Value)
	}
	row = append(row, strconv.Itoa(r.Unknown), strconv.Itoa(r.Invalid))
	if t.widths != nil {
		return t.print(row)
	}
	if t.rows = append(t.rows, row); len(t.rows) < tableRows {
		return nil
	}
	return t.flush()
}

// flush decides on the widths and prints what was held back.
func (t *tableResults) flush() error {
	heads := t.heads()
	t.widths = make([]int, len(heads))
	titles := make([]string, len(heads))
	for i, h := range heads {
		titles[i] = strings.TrimPrefix(h, ">")
		t.widths[i] = utf8.RuneCountInString(titles[i])
	}
	for _, row := range t.rows {
		for i, cell := range row {
			t.widths[i] = max(t.widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range append([][]string{titles}, t.rows...) {
		if err := t.print(row); err != nil {
			return err
		}
	}
	t.rows = nil
	return nil
}

func (t *tableResults) print(row []string) error {
	var line strings.Builder
	for i, head := range t.heads() {
		gap := strings.Repeat(" ", max(0, t.widths[i]-utf8.RuneCountInString(row[i])))
		if i > 0 {
			line.WriteString("  ")
		}
		if strings.HasPrefix(head, ">") {
			line.WriteString(gap + row[i])
		} else {
			line.WriteString(row[i] + gap)
		}
	}
	_, err := io.WriteString(t.w, strings.TrimRight(line.String(), " ")+"\n")
	return err
}

func (t *tableResults) close() error {
	if t.widths != nil {
		return nil
	}
	return t.flush()
}

// decimal writes a number as people do, without an exponent.
func decimal(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// signed writes points with their sign.
func signed(f float64) string {
	if f > 0 {
		return "+" + decimal(f)
	}
	return decimal(f)
}

// grouped writes a number with commas.
func grouped(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// quoted shows a text of the data in a message: short, and with nothing in it
// that a terminal could act upon.
func quoted(s string) string { return strconv.Quote(clip(s, 80)) }

// plain takes out of a text what a terminal could act upon.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return '·'
		}
		return r
	}, s)
}

// clip shortens a text to n characters, the last of them an ellipsis.
func clip(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}

// listed joins the first names of a list.
func listed(names []string, most int) string {
	var b strings.Builder
	for i, name := range names {
		if i == most {
			fmt.Fprintf(&b, " and %d more", len(names)-most)
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(plain(clip(name, 60)))
	}
	return b.String()
}
