package accountscore

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
	"github.com/accountscore/accountscore/internal/numeral"
)

// The words of explanations: what a ruleset says, on one line.

func scaleName(dimension string, i int) string { return fmt.Sprintf("%s scale %d", dimension, i+1) }

func disqualifierName(i int) string { return fmt.Sprintf("disqualify %d", i+1) }

// tableEnd ends the text of a rule that is a table, and of no other.
const tableEnd = " }"

// ruleText gives a rule as the ruleset says it.
func ruleText(r *dsl.Rule) string {
	var b strings.Builder
	switch {
	case r.Signal != nil:
		b.WriteString(signalText(r.Signal))
	case r.Of.Text != "":
		b.WriteString(oneLine(r.Of.Text))
	default:
		b.WriteString(oneLine(r.When.Text))
	}
	b.WriteString(" → ")
	switch {
	case r.Ramp != nil:
		fmt.Fprintf(&b, "%s..%s over %s", numeral.Compact(r.Ramp.From), numeral.Compact(r.Ramp.To), numeral.Interval(r.Ramp.Lo, r.Ramp.Hi))
		return b.String()
	case r.Table != nil:
		entries := make([]string, len(r.Table))
		for i := range r.Table {
			entries[i] = keyText(&r.Table[i].Key) + ": " + signed(micro.Of(r.Table[i].Value))
		}
		b.WriteString("{ " + strings.Join(entries, ", ") + tableEnd)
		return b.String()
	}
	b.WriteString(signed(micro.Of(r.Points)))
	if r.Else != nil {
		b.WriteString(" else " + signed(micro.Of(*r.Else)))
	}
	if r.Per.Text != "" {
		b.WriteString(" per " + oneLine(r.Per.Text))
	}
	if s := r.Signal; s != nil {
		if s.PerValue {
			b.WriteString(" per value")
		}
		if s.HalfLife > 0 {
			fmt.Fprintf(&b, " half-life %dd", s.HalfLife)
		}
		if s.Linear > 0 {
			b.WriteString(" linear " + durationText(s.Linear))
		}
	}
	if r.Max != nil {
		b.WriteString(" max " + numeral.Compact(*r.Max))
	}
	if r.Min != nil {
		b.WriteString(" min " + numeral.Compact(*r.Min))
	}
	if s := r.Signal; s != nil && s.DailyMax != nil {
		b.WriteString(" daily max " + numeral.Compact(*s.DailyMax))
	}
	return b.String()
}

func signalText(s *dsl.Signal) string {
	text := "each "
	if s.Latest {
		text = "latest "
	}
	text += s.Activity
	if s.ByAccount {
		text += " by account"
	}
	if s.Where.Text != "" {
		text += " where " + oneLine(s.Where.Text)
	}
	if s.Within > 0 {
		text += " within " + durationText(s.Within)
	}
	return text
}

// rampEntries names the parts of a ramp: below, between and above.
func rampEntries(r *dsl.Ramp) []string {
	return []string{
		"at or below " + numeral.Compact(r.Lo) + ": " + signed(micro.Of(r.From)),
		"between " + numeral.Compact(r.Lo) + " and " + numeral.Compact(r.Hi),
		"at or above " + numeral.Compact(r.Hi) + ": " + signed(micro.Of(r.To)),
	}
}

func entryText(e *dsl.Entry) string { return keyText(&e.Key) + ": " + signed(micro.Of(e.Value)) }

func keyText(k *dsl.Key) string {
	switch k.Kind {
	case dsl.KeyRange:
		return numeral.Interval(k.Lo, k.Hi)
	case dsl.KeyFrom:
		return numeral.Compact(k.Lo) + "+"
	case dsl.KeyNumber:
		return numeral.Compact(k.Lo)
	case dsl.KeyText:
		return k.Text
	}
	return string(k.Kind)
}

func groupText(kind, name string) string {
	if name == "" {
		return kind
	}
	return kind + " " + strconv.Quote(name)
}

func combineText(c *dsl.Combine) string {
	switch c.Kind {
	case dsl.Ranked:
		return "ranked " + numeral.Compact(c.Factor)
	case dsl.Top:
		return "top " + strconv.Itoa(c.N)
	case dsl.Best:
		return "best " + percent(micro.Of(c.Factor))
	}
	return string(c.Kind)
}

func bonusText(b *dsl.Bonus) string {
	if len(b.Steps) == 0 {
		return "multi-thread " + percent(micro.Of(b.Rate)) + " falling " + numeral.Compact(b.Falling)
	}
	steps := make([]string, len(b.Steps))
	for i, s := range b.Steps {
		steps[i] = strconv.Itoa(s.N) + ": " + signed(micro.Of(s.Points))
	}
	return "{ " + strings.Join(steps, ", ") + " }"
}

func clampText(lo, hi, change micro.M) string {
	if change < 0 {
		return "lost to the cap of " + figure(hi.Float())
	}
	return "raised to the floor of " + figure(lo.Float())
}

func weightText(d *dimension) string {
	if d.outOf > 0 {
		return "out of " + d.outOf.String() + ", weight " + percent(d.weight)
	}
	return "weight " + percent(d.weight)
}

func roundText(decimals int) string {
	return "rounding to " + counted(decimals, "decimal", "decimals")
}

func counted(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + more
}

func percent(m micro.M) string { return (m * 100).String() + "%" }

// signed is a number of points with its sign; nothing has none.
func signed(m micro.M) string {
	if m > 0 {
		return "+" + m.String()
	}
	return m.String()
}

// separated is signed with commas between thousands.
func separated(m micro.M) string {
	if m > 0 {
		return "+" + figure(m.Float())
	}
	return figure(m.Float())
}

func durationText(d dsl.Duration) string {
	const day = dsl.Duration(24 * time.Hour)
	if d%day == 0 {
		return strconv.FormatInt(int64(d/day), 10) + "d"
	}
	return d.String()
}

// oneLine puts a text that its author broke over lines on one.
func oneLine(s string) string {
	if !strings.ContainsAny(s, "\r\n") {
		return s
	}
	return strings.Join(strings.Fields(s), " ")
}

var arithmeticSigns = map[cond.Op]string{cond.Add: " + ", cond.Sub: " - ", cond.Mul: " * ", cond.Div: " / ", cond.Mod: " % "}

// nodeText gives the text of a node; those that have none of their own are
// arithmetic and constants.
func nodeText(n *cond.Node) string {
	if n.Src != "" {
		return n.Src
	}
	side := func(n *cond.Node) string {
		if _, nested := arithmeticSigns[n.Op]; nested {
			return "(" + nodeText(n) + ")"
		}
		return nodeText(n)
	}
	switch n.Op {
	case cond.Add, cond.Sub, cond.Mul, cond.Div, cond.Mod:
		return side(n.Args[0]) + arithmeticSigns[n.Op] + side(n.Args[1])
	case cond.Neg:
		return "-" + side(n.Args[0])
	case cond.And, cond.Or:
		word := " and "
		if n.Op == cond.Or {
			word = " or "
		}
		parts := make([]string, len(n.Args))
		for i, a := range n.Args {
			if parts[i] = nodeText(a); (a.Op == cond.And || a.Op == cond.Or) && a.Src == "" {
				parts[i] = "(" + parts[i] + ")"
			}
		}
		return strings.Join(parts, word)
	case cond.Not:
		return "not (" + nodeText(n.Args[0]) + ")"
	case cond.Const:
		switch n.Type {
		case cond.Number:
			return numeral.Compact(n.Num)
		case cond.Text:
			return strconv.Quote(n.Text)
		case cond.Bool:
			return strconv.FormatBool(n.Flag)
		case cond.Time:
			return time.UnixMicro(n.Time).UTC().Format(time.RFC3339)
		}
	}
	return "a value"
}
