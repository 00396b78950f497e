package main

import (
	"fmt"
	"io"
	"strconv"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/examples/internal/columns"
)

// printer writes sections and keeps the first error.
type printer struct {
	w   io.Writer
	err error
}

func (p *printer) line(format string, args ...any) {
	if p.err == nil {
		_, p.err = fmt.Fprintf(p.w, format+"\n", args...)
	}
}

func (p *printer) table(heads []string, rows [][]string) {
	if p.err == nil {
		p.err = columns.Write(p.w, heads, rows)
	}
}

// print writes the ranking and then the reports.
func (r *report) print(w io.Writer) error {
	p := &printer{w: w}
	p.line("%s at %s: %d accounts\n", r.title, r.at.Format("2006-01-02"), len(r.results))
	r.ranking(p)
	p.line("\nAccounts by tier\n")
	r.byTier(p)
	p.line("\nFields: how many of the %d accounts have a value\n", len(r.results))
	r.coverage(p)
	p.line("\nRules: for how many accounts each held\n")
	r.answers(p)
	p.line("\nOpportunities: %d rows, %d placed on accounts, %d counted as prospecting, %d left out\n",
		r.data.rows, r.data.placed, r.data.notes.total(prospecting), r.data.rows-r.data.placed-r.data.notes.total(prospecting))
	r.remarks(p)
	return p.err
}

func (r *report) ranking(p *printer) {
	heads := []string{">rank", "account", ">score", ">range", "tier", "owner"}
	for _, d := range r.results[0].Dimensions {
		heads = append(heads, ">"+d.Name)
	}
	var rows [][]string
	for i, res := range r.results {
		owner, _ := res.Label("owner")
		row := []string{strconv.Itoa(i + 1), res.AccountID, number(res.Score), spread(res), tier(res), owner}
		for _, d := range res.Dimensions {
			row = append(row, number(d.Points))
		}
		rows = append(rows, append(row, strconv.Itoa(res.Unknown)))
	}
	p.table(append(heads, ">unknown"), rows)
}

func (r *report) byTier(p *printer) {
	counts := map[string]int{}
	uncertain := map[string]int{}
	for _, res := range r.results {
		counts[res.Tier]++
		if !res.TierCertain {
			uncertain[res.Tier]++
		}
	}
	var rows [][]string
	for _, t := range r.tiers {
		rows = append(rows, []string{t, strconv.Itoa(counts[t]), strconv.Itoa(uncertain[t])})
	}
	p.table([]string{"tier", ">accounts", ">uncertain"}, rows)
}

func (r *report) coverage(p *printer) {
	var rows [][]string
	for _, f := range r.fields {
		rows = append(rows, []string{f.field.Name, strconv.Itoa(f.known), strconv.Itoa(f.null), strconv.Itoa(f.unset),
			strconv.Itoa(f.invalid), strconv.Itoa(f.rules)})
	}
	p.table([]string{"field", ">known", ">null", ">unset", ">invalid", ">read by"}, rows)
}

func (r *report) answers(p *printer) {
	var rows [][]string
	for _, n := range r.rules {
		rows = append(rows, []string{n.id, columns.Clip(n.text, 80), strconv.Itoa(n.matched), strconv.Itoa(n.failed), strconv.Itoa(n.unknown)})
	}
	p.table([]string{"rule", "text", ">matched", ">failed", ">unknown"}, rows)
}

func (r *report) remarks(p *printer) {
	var rows [][]string
	for _, c := range r.data.notes.lines() {
		rows = append(rows, []string{strconv.Itoa(c.n), c.kind, columns.Clip(c.value, 60)})
	}
	p.table([]string{">times", "what", "value"}, rows)
}

// spread gives the range of a score, or nothing where there is none.
func spread(r accountscore.Result) string {
	if r.Low == r.High {
		return ""
	}
	return number(r.Low) + "–" + number(r.High)
}

// tier gives the tier, marked where missing values could change it.
func tier(r accountscore.Result) string {
	if !r.TierCertain {
		return r.Tier + "?"
	}
	return r.Tier
}

func number(x float64) string { return strconv.FormatFloat(x, 'f', 1, 64) }
