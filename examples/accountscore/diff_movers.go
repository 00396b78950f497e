package main

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/examples/internal/columns"
)

// diffJSON is what diff -json says.
type diffJSON struct {
	Before   string      `json:"before"`
	After    string      `json:"after"`
	Changes  []change    `json:"changes"`
	Accounts *moversJSON `json:"accounts,omitempty"` // where there are data
}

type moversJSON struct {
	Scored       int        `json:"scored"`
	ScoreChanged int        `json:"score_changed"`
	TierChanged  int        `json:"tier_changed"`
	Tiers        []tierMove `json:"tiers"`
	// Movers are those whose score or tier changed: tiers first, then by how
	// far the score went.
	Movers []mover `json:"movers"`
}

type tierMove struct {
	Before string `json:"before"`
	After  string `json:"after"`
	Count  int    `json:"count"`
}

type mover struct {
	ID         string  `json:"id"`
	Before     float64 `json:"before"`
	After      float64 `json:"after"`
	TierBefore string  `json:"tier_before"`
	TierAfter  string  `json:"tier_after"`
}

// diff says what differs between two rulesets, and whom it moves.
func (c *command) diff(args []string) error {
	c.jsonFlag("one JSON object")
	c.paramFlag()
	c.momentFlag()
	strict := c.flags.Bool("strict", false, "stop at the first bad line")
	workers := c.flags.Int("workers", 0, "`how many` accounts are scored at a time (default: one a processor)")
	top := c.flags.Int("top", 20, "`how many` of the accounts that move are shown")
	data := c.inputFlags()
	files, err := c.parse(args)
	if err != nil {
		return err
	}
	if len(files) < 2 {
		return usagef("want two rulesets")
	}
	at, err := c.at()
	if err != nil {
		return err
	}
	before, err := c.loadFirst(files)
	if err != nil {
		return err
	}
	after, err := c.loadOrReport(files[1])
	if err != nil {
		return err
	}
	out := diffJSON{Before: before.name, After: after.name, Changes: compareRulesets(before.rules, after.rules)}
	if out.Changes == nil {
		out.Changes = []change{}
	}
	if len(files) > 2 {
		in, err := c.newInput(data, files[2:], before, after)
		if err != nil {
			return err
		}
		m := newMovers(max(*top, 0))
		c.bar = c.newProgress(in)
		empty := true
		err = c.scoreEach(before.model, in.each, at, *workers, func(it item, r accountscore.Result) error {
			c.bar.step()
			empty = false
			if it.err == nil {
				it.err = in.ids.admit(r.AccountID)
			}
			if it.err != nil {
				return c.badLine(it, *strict)
			}
			next := after.model.Score(it.accounts[1], at)
			m.add(&r, &next)
			return nil
		})
		c.bar.clear()
		if err = cmp.Or(err, in.failed); err != nil {
			return err
		}
		if empty {
			c.noAccount()
		}
		out.Accounts = m.json()
	}
	c.found = c.found || len(out.Changes) > 0 || out.Accounts != nil && out.Accounts.ScoreChanged+out.Accounts.TierChanged > 0
	if c.json {
		return c.printJSON(out)
	}
	return c.printDiff(&out)
}

// movers keeps those that moved furthest; the others are only counted.
type movers struct {
	top   int
	out   moversJSON
	tiers map[tierMove]int
}

func newMovers(top int) *movers { return &movers{top: top, tiers: map[tierMove]int{}} }

func (m *movers) add(before, after *accountscore.Result) {
	m.out.Scored++
	one := mover{before.AccountID, before.Score, after.Score, before.Tier, after.Tier}
	if one.Before != one.After {
		m.out.ScoreChanged++
	}
	if one.TierBefore != one.TierAfter {
		m.out.TierChanged++
		m.tiers[tierMove{Before: one.TierBefore, After: one.TierAfter}]++
	}
	if one.Before == one.After && one.TierBefore == one.TierAfter {
		return
	}
	// Cut only now and then: sorting twice as many costs little an account.
	if m.out.Movers = append(m.out.Movers, one); len(m.out.Movers) >= 2*m.top+64 {
		m.cut()
	}
}

func (m *movers) cut() {
	slices.SortStableFunc(m.out.Movers, func(a, b mover) int {
		return cmp.Or(
			-compareBool(a.TierBefore != a.TierAfter, b.TierBefore != b.TierAfter),
			-cmp.Compare(math.Abs(a.After-a.Before), math.Abs(b.After-b.Before)))
	})
	m.out.Movers = m.out.Movers[:min(m.top, len(m.out.Movers))]
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

func (m *movers) json() *moversJSON {
	m.cut()
	if m.out.Movers == nil {
		m.out.Movers = []mover{}
	}
	m.out.Tiers = []tierMove{}
	for t, n := range m.tiers {
		m.out.Tiers = append(m.out.Tiers, tierMove{t.Before, t.After, n})
	}
	slices.SortFunc(m.out.Tiers, func(a, b tierMove) int {
		return cmp.Or(-cmp.Compare(a.Count, b.Count), cmp.Compare(a.Before, b.Before), cmp.Compare(a.After, b.After))
	})
	return &m.out
}

func (c *command) printDiff(out *diffJSON) error {
	if len(out.Changes) == 0 {
		fmt.Fprintln(c.out, "the two rulesets say the same")
	}
	for _, ch := range out.Changes {
		c.printChange(&ch)
	}
	m := out.Accounts
	if m == nil {
		return nil
	}
	fmt.Fprintf(c.out, "\n%s: %s of another score, %s of another tier\n", count(m.Scored, "account", "accounts"),
		grouped(int64(m.ScoreChanged)), grouped(int64(m.TierChanged)))
	for _, t := range m.Tiers {
		fmt.Fprintf(c.out, "  %s → %s: %s\n", orNone(t.Before), orNone(t.After), grouped(int64(t.Count)))
	}
	if len(m.Movers) == 0 {
		return nil
	}
	fmt.Fprintln(c.out)
	var rows [][]string
	for _, x := range m.Movers {
		tier := orNone(x.TierBefore)
		if x.TierBefore != x.TierAfter {
			tier += " → " + orNone(x.TierAfter)
		}
		rows = append(rows, []string{columns.Clip(plain(x.ID), 40), decimal(x.Before), decimal(x.After), signed(round6(x.After - x.Before)), tier})
	}
	return columns.Write(c.out, []string{"id", ">before", ">after", ">change", "tier"}, rows)
}

// printChange shows two long texts one below the other.
func (c *command) printChange(ch *change) {
	shown := plain(ch.Text)
	if head, _, ok := strings.Cut(shown, " changed from "); ok && ch.long && utf8.RuneCountInString(shown) > 100 {
		shown = fmt.Sprintf("%s changed\n    from %s\n    to   %s", head, plain(ch.Before), plain(ch.After))
	}
	fmt.Fprintln(c.out, shown)
}

// round6 takes off what subtracting binary numbers adds: a score has at most
// six decimals.
func round6(f float64) float64 { return math.Round(f*1e6) / 1e6 }
