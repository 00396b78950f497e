package accountscore

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/micro"
)

// Text gives the explanation for a terminal: lines of at most 100 columns,
// points in a column on the right that adds up to each heading, and characters
// that a terminal could act upon escaped. It stays below 1 MB: what a very
// large ruleset has beyond that is left out, and said to be.
func (x *Explanation) Text() string {
	p := &page{}
	p.part(maxDimensionsText)
	p.head(x)
	for i := range x.Dimensions {
		// The dimensions share what room is left.
		p.part(p.b.Len() + (maxDimensionsText-p.b.Len())/(len(x.Dimensions)-i))
		p.dimension(&x.Dimensions[i])
		if p.b.Len() < maxDimensionsText {
			p.close()
		}
	}
	p.close()
	p.part(maxDecisionsText)
	p.total(x)
	p.decisions(x)
	p.close()
	p.part(maxNotesText)
	p.notes(x)
	p.close()
	return p.b.String()
}

func (p *page) head(x *Explanation) {
	model := strings.TrimSpace(x.Ruleset + " " + x.Version)
	if model == "" {
		model = "model " + x.ModelHash[:min(12, len(x.ModelHash))]
	}
	p.row("", fmt.Sprintf("%s, %s, %s", orElse(x.AccountID, "Account without an id"), model, x.At.UTC().Format("2006-01-02 15:04 UTC")), "")
	r := &x.Result
	score := "Score " + figure(r.Score)
	if r.Low != r.High {
		score += ", could be " + figure(r.Low) + " to " + figure(r.High)
	}
	if r.Grade != "" {
		score += ", grade " + r.Grade
	}
	switch {
	case r.Reason != "":
		score += ", " + r.Tier + ": " + r.Reason
	case r.Tier != "":
		score += ", tier " + r.Tier
	}
	if r.Tier != "" && !r.TierCertain {
		score += " (not certain: values are missing)"
	}
	p.row("", score, "")
}

func (p *page) dimension(d *DimensionExplanation) {
	p.gap()
	steps := []string{"sum " + figure(d.Sum)}
	if d.Clamped != 0 {
		steps = append(steps, clampWords(d.Clamped, d.Min, d.Max))
	}
	if d.OutOf != 0 {
		steps = append(steps, "shows "+figure(d.Shown)+" of 100")
	}
	if d.Low != d.High {
		steps = append(steps, "could be "+figure(d.Low)+" to "+figure(d.High))
	}
	share := points(d.Share)
	if d.Unscored {
		steps, share = append(steps, "not part of the score"), ""
	} else if d.Weight != nil {
		steps = append(steps, "weight "+percent(micro.Of(*d.Weight)))
	}
	name := d.Name
	if d.Description != "" {
		name += " (" + d.Description + ")"
	}
	p.row("", name+": "+strings.Join(steps, ", "), share)
	for i := range d.Groups {
		p.group(&d.Groups[i], "  ")
	}
	if d.Contacts != nil {
		p.contacts(d.Contacts)
	}
	for i := range d.Scales {
		s := &d.Scales[i]
		p.row("  "+mark(s.State)+" ", said(s.Reason, "scale "+percent(micro.Of(s.Factor))+" when "+s.Text), points(s.Points))
		p.tests(s.State, s.Tests, "      ")
	}
	if d.Clamped != 0 {
		p.row("    ", clampWords(d.Clamped, d.Min, d.Max), points(d.Clamped))
	}
	if change := micro.Of(d.Share) - micro.Of(d.Points); change != 0 && d.Weight != nil {
		step := "weight " + percent(micro.Of(*d.Weight))
		if d.Shown != d.Points {
			step = figure(d.Points) + " out of " + figure(d.OutOf) + " shows " + figure(d.Shown) + ", " + step
		}
		p.row("    ", step, signed(change))
	}
}

func clampWords(clamped float64, low, high *float64) string {
	if clamped < 0 && high != nil {
		return figure(-clamped) + " lost to the cap of " + figure(*high)
	}
	if low != nil {
		return figure(clamped) + " added by the floor of " + figure(*low)
	}
	return "clamped by " + figure(clamped)
}

// group prints a rule, or a group with its rules: their points stand in
// brackets, for the group's alone count.
func (p *page) group(g *GroupExplanation, indent string) {
	if g.Kind == "" {
		for i := range g.Rules {
			p.rule(&g.Rules[i], indent, points(g.Rules[i].Points))
		}
		return
	}
	p.row(indent+"  ", groupText(g.Kind, g.Name), points(g.Points))
	for i := range g.Rules {
		p.rule(&g.Rules[i], indent+"  ", "("+points(g.Rules[i].Points)+")")
	}
	if g.Clamped != 0 {
		p.row(indent+"    ", clampWords(g.Clamped, g.Min, g.Max), "("+points(g.Clamped)+")")
	}
}

func (p *page) rule(r *RuleExplanation, indent, earned string) {
	text := r.Text
	if r.Label != "" && r.Reason == "" {
		text = r.Label + ": " + text
	}
	p.row(indent+mark(r.State)+" ", said(r.Reason, text), earned)
	p.tests(r.State, r.Tests, indent+"    ")
	var more []string
	if r.Entry != "" {
		more = append(more, r.Entry)
	}
	if s := r.Signal; s != nil {
		if s.Activities == 0 {
			more = append(more, "no activity counts")
		} else {
			more = append(more, counted(s.Activities, "activity counts", "activities count"))
		}
		if s.Undecided > 0 {
			more = append(more, counted(s.Undecided, "more has", "more have")+" a filter without an answer")
		}
		if s.DailyClamped != 0 {
			more = append(more, figure(math.Abs(s.DailyClamped))+" of "+figure(s.Sum)+" lost to the daily max")
		}
	}
	if r.Clamped < 0 {
		more = append(more, figure(-r.Clamped)+" lost to the max")
	} else if r.Clamped > 0 {
		more = append(more, figure(r.Clamped)+" added by the min")
	}
	if r.PassedOver {
		more = append(more, "passed over: another rule of the group counts")
	}
	if r.State == StateUnknown || r.Low != r.High {
		more = append(more, "could earn "+points(r.Low)+" to "+points(r.High))
	}
	p.row(indent+"    ", strings.Join(more, "; "), "")
}

// tests prints what decided, in a line, or a line each where it failed.
func (p *page) tests(state State, tests []TestExplanation, indent string) {
	var said []string
	for i := range tests {
		if i == maxTestRows {
			said = append(said, "and "+counted(len(tests)-i, "more test", "more tests"))
			break
		}
		if text := phrase(&tests[i]); !slices.Contains(said, text) {
			said = append(said, text)
		}
	}
	if state == StateMatched {
		said = []string{strings.Join(said, "; ")}
	}
	for _, line := range said {
		p.row(indent, line, "")
	}
}

// phrase says what a test saw, and what it wants where it failed.
func phrase(t *TestExplanation) string {
	if len(t.Seen) == 0 {
		return t.Text
	}
	parts := make([]string, len(t.Seen))
	for i := range t.Seen {
		parts[i] = t.Seen[i].String()
	}
	text := strings.Join(parts, ", ")
	if t.Cut {
		text += " and more"
	}
	if d := t.Distance; d != nil && t.State == StateFailed {
		text += ": " + d.String()
	}
	return text
}

// String says it in words, such as "employees is 240".
func (s Seen) String() string {
	text := s.Name + " is "
	switch s.State {
	case ValueKnown:
		text += valueText(s.Value)
	case ValueStale, ValueExpired:
		text += valueText(s.Value) + " (" + string(s.State) + ")"
	case ValueDefault:
		text += valueText(s.Value) + " (by default)"
	default:
		text += string(s.State)
	}
	if s.Undecided > 0 {
		text += " (" + counted(s.Undecided, "activity has", "activities have") + " a filter without an answer)"
	}
	return text
}

// String says it in words, such as "needs at least 1,000, short by 760".
func (d Distance) String() string {
	text := "needs " + string(d.Bound) + " " + figure(d.Needed)
	switch {
	case d.Margin > 0:
		return text + ", " + figure(d.Margin) + " to spare"
	case d.Margin == 0:
		return text
	}
	switch d.Bound {
	case AtMost, LessThan:
		return text + ", over by " + figure(-d.Margin)
	case Exactly:
		return text + ", off by " + figure(-d.Margin)
	}
	return text + ", short by " + figure(-d.Margin)
}

func valueText(v dsl.Value) string {
	switch v.Kind {
	case dsl.NumberValue:
		return figure(v.Number)
	case dsl.TextValue:
		return `"` + v.Text + `"`
	case dsl.BoolValue:
		return strconv.FormatBool(v.Bool)
	case dsl.ListValue:
		return "[" + strings.Join(v.List, ", ") + "]"
	case dsl.DateValue:
		return v.Date.String()
	}
	return "null"
}

// maxContactRows is how many contacts are printed; the rest is one line.
const maxContactRows = 25

// tableWidths is the widths of a table's columns. The first is flush left; each of
// the others is flush right and begins with a space.
type tableWidths [8]int

// contactTable makes room for the way of combining in the last heading.
func contactTable(combine string) tableWidths {
	return tableWidths{19, 9, 6, 7, 9, 9, 8, min(max(13, columns(combine)+1), 16)}
}

func (t *tableWidths) line(cells ...string) string {
	var b strings.Builder
	for i, width := range t {
		most := width
		if i > 0 {
			most--
		}
		cell := clip(visible(shorten(cells[i], 4*width)), most)
		pad := strings.Repeat(" ", width-columns(cell))
		if i == 0 {
			b.WriteString(cell + pad)
		} else {
			b.WriteString(pad + cell)
		}
	}
	return b.String()
}

// number writes a number with as many decimals as its column has room for. A
// digit is never cut off: a number that is too long is rounded.
func (t *tableWidths) number(column int, f float64) string {
	room := t[column] - 1
	for decimals := 2; decimals >= 0; decimals-- {
		if s := figure(micro.Of(f).Round(decimals).Float()); len(s) <= room {
			return s
		}
	}
	return strconv.FormatFloat(f, 'g', 2, 64)
}

// age writes days, or years where there are too many.
func (t *tableWidths) age(column int, days int64) string {
	if s := strconv.FormatInt(days, 10) + "d"; len(s) < t[column] {
		return s
	}
	return strconv.FormatInt(days/365, 10) + "y"
}

func (p *page) contacts(c *ContactsExplanation) {
	t := contactTable(c.Combine)
	if len(c.Contacts) == 0 {
		p.row("    ", "no contacts", "")
	} else {
		p.line("    "+t.line("contact", "base", "age", "decay", "each", "score", "weight", c.Combine), "share")
	}
	for i := range c.Contacts {
		k := &c.Contacts[i]
		if i == maxContactRows {
			var rest micro.M
			for _, k := range c.Contacts[i:] {
				rest += micro.Of(k.Share)
			}
			p.row("    ", "and "+counted(len(c.Contacts)-i, "more contact", "more contacts"), points(rest.Float()))
			break
		}
		state := StateFailed
		if k.Engaged {
			state = StateMatched
		}
		rank := "#" + strconv.Itoa(k.Rank)
		if k.RankFactor != nil {
			rank = rounded(*k.RankFactor*100) + "%"
		}
		p.line("  "+mark(state)+" "+t.line(orElse(strings.TrimSpace(k.ID), "(no id)"), t.number(1, k.Base), t.age(2, k.AgeDays), rounded(k.Decay*100)+"%",
			t.number(4, k.Activity), t.number(5, k.Score), t.number(6, k.Weight), rank), points(k.Share))
		p.row("        ", strings.Join(k.Notes, "; "), "")
		for g := range k.Groups {
			for r := range k.Groups[g].Rules {
				if r := &k.Groups[g].Rules[r]; r.State != StateFailed || r.Points != 0 {
					p.row("        "+mark(r.State)+" ", said(r.Reason, r.Text)+" ("+points(r.Points)+")", "")
				}
			}
		}
	}
	if c.Rounding != 0 {
		p.row("    ", "rounding of the contacts' shares", points(c.Rounding))
	}
	engaged := figure(float64(c.Engaged)) + " engaged at " + figure(c.Threshold) + " or more"
	if c.DistinctBy != "" {
		engaged += ", distinct by " + c.DistinctBy
	}
	if b := c.Bonus; b != nil {
		text := "bonus " + b.Text + ": " + engaged
		if b.Rate != 0 {
			text += ", " + percent(micro.Of(b.Rate)) + " of " + figure(c.Combined)
		}
		p.row("    ", text, points(b.Points))
	} else {
		p.row("    ", engaged, "")
	}
	if len(c.Roles) > 0 {
		roles := make([]string, len(c.Roles))
		for i, r := range c.Roles {
			roles[i] = fmt.Sprintf("%s %d of %d", r.Name, r.Have, r.Need)
		}
		p.row("    ", "committee "+rounded(c.Completeness)+"% complete: "+strings.Join(roles, ", "), "")
	}
}

func (p *page) total(x *Explanation) {
	t := &x.Total
	p.gap()
	p.row("", "score", figure(t.Score))
	for i := range x.Dimensions {
		if d := &x.Dimensions[i]; !d.Unscored {
			p.row("  ", d.Name, points(d.Share))
		}
	}
	if t.Clamped != 0 {
		p.row("  ", clampWords(t.Clamped, t.Min, t.Max), points(t.Clamped))
	}
	if t.Rounding != 0 {
		p.row("  ", roundText(t.Decimals), points(t.Rounding))
	}
}

func (p *page) decisions(x *Explanation) {
	if len(x.Disqualify) > 0 {
		p.gap()
		p.row("", "disqualify", "")
	}
	for i := range x.Disqualify {
		d := &x.Disqualify[i]
		p.row("  "+mark(d.State)+" ", said(d.Reason, d.Text), "")
		p.tests(d.State, d.Tests, "      ")
	}
	if len(x.Grades) > 0 {
		p.gap()
		p.row("", "grades", "")
	}
	for i := range x.Grades {
		g := &x.Grades[i]
		text := g.Name + " " + orElse(g.Grade, "none") + ", at " + figure(g.Points)
		if len(g.Possible) > 1 {
			var others []string
			for _, o := range g.Possible[1:] {
				others = append(others, orElse(o, "none"))
			}
			text += ", could be " + strings.Join(others, ", ")
		}
		p.row("  ", text, "")
	}
	p.tiers("tiers", x.Tiers)
	for i := range x.Ladders {
		p.tiers("tiers "+x.Ladders[i].Name, x.Ladders[i].Tiers)
	}
}

func (p *page) tiers(title string, tiers []TierExplanation) {
	if len(tiers) == 0 {
		return
	}
	p.gap()
	p.row("", title, "")
	reached := false
	for i := range tiers {
		t := &tiers[i]
		text := t.Name + ": " + t.Text
		if t.Held {
			text += " (held: " + figure(t.Hold) + " less will do)"
		}
		if t.State == TierPossible {
			text += " (open: values are missing)"
		}
		is := ""
		if t.Chosen {
			is = "this tier"
		}
		if reached {
			// What an earlier tier has taken is not asked: no mark, no tests.
			p.row("  · ", text, is)
			continue
		}
		reached = t.Chosen
		p.row("  "+mark(t.Now)+" ", text, is)
		for i := range t.Tests {
			if i == maxTestRows {
				p.row("      ", "and "+counted(len(t.Tests)-i, "more test", "more tests"), "")
				break
			}
			test := &t.Tests[i]
			said := phrase(test)
			if d := test.Distance; d != nil && test.State != StateFailed {
				said += ": " + d.String()
			}
			p.row("      "+mark(test.State)+" ", said, "")
		}
		if !t.Chosen {
			continue
		}
		for _, play := range t.Plays {
			var parts []string
			for _, part := range [...]string{play.Name, play.Targeting, play.Motion, play.Metric} {
				if part != "" {
					parts = append(parts, part)
				}
			}
			p.row("      ", "play: "+strings.Join(parts, "; "), "")
		}
	}
}

func (p *page) notes(x *Explanation) {
	if len(x.Missing) > 0 {
		p.gap()
		p.row("", "missing: what each field alone could bring, if it became known", "")
	}
	// What could bring most comes first; the data keep the order of the fields.
	missing := slices.Clone(x.Missing)
	slices.SortStableFunc(missing, func(a, b FieldNote) int { return cmp.Compare(b.Gain, a.Gain) })
	untried := 0
	for i := range missing {
		if missing[i].Untried {
			untried++
		}
	}
	if untried > 0 {
		p.row("    ", "so many are missing that it was not worked out for "+counted(untried, "field", "fields"), "")
	}
	for i := range missing {
		if i == maxNoteRows {
			p.row("  ? ", "and "+counted(len(missing)-i, "more field", "more fields"), "")
			break
		}
		n := &missing[i]
		bring := points(n.Gain)
		if n.Untried {
			bring = ""
		} else if n.Loss != 0 {
			bring = points(-n.Loss) + " to " + bring
		}
		p.row("  ? ", n.String(), bring)
		if n.Found != "" {
			p.row("      ", "found "+n.Found+", wanted "+n.Wanted, "")
		}
		if len(n.Rules) > 0 {
			p.row("      ", "rules that wait for it: "+some(n.Rules, n.MoreRules), "")
		}
	}
	if len(x.Stale) > 0 {
		p.gap()
		p.row("", "stale: used, but worth a refresh", "")
	}
	for i := range x.Stale {
		if i == maxNoteRows {
			p.row("  ! ", "and "+counted(len(x.Stale)-i, "more field", "more fields"), "")
			break
		}
		n := &x.Stale[i]
		p.row("  ! ", n.String(), "")
		p.row("      ", "read by "+some(n.Rules, n.MoreRules), "")
	}
	if len(x.Invalid) > 0 {
		p.gap()
		p.row("", "values that could not be used", "")
	}
	for i := range x.Invalid {
		if i == maxInvalidRows {
			p.row("  ! ", "and "+strconv.Itoa(len(x.Invalid)-i)+" more", "")
			break
		}
		v := &x.Invalid[i]
		where := ""
		if v.Contact != "" {
			where += "contact " + v.Contact + ", "
		}
		if v.Activity != "" {
			where += "activity " + v.Activity + ", "
		}
		p.row("  ! ", where+v.Field+": wanted "+v.Wanted+", got "+v.Got, "")
	}
}

// maxInvalidRows is how many values that could not be used are printed.
const maxInvalidRows = 25

// String says it in words, such as "employees (Headcount) is unset".
func (n FieldNote) String() string {
	text := n.Field
	if n.Key != "" {
		text += " (" + n.Key + ")"
	}
	text += " is " + string(n.State)
	if n.Refreshed != nil {
		text += ": " + valueText(n.Value) + " of " + counted(int(n.AgeDays), "day", "days") + " ago"
	}
	if n.Change != "" {
		text += ", " + n.Change
	}
	return text
}

// some joins the first of many names, of which there are more than those.
func some(names []string, more int) string {
	const most = 8
	if len(names) > most {
		more += len(names) - most
		names = names[:most]
	}
	text := strings.Join(names, ", ")
	if more > 0 {
		text += " and " + strconv.Itoa(more) + " more"
	}
	return text
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// said puts the words for people first and the rule behind them.
func said(reason, text string) string {
	if reason == "" {
		return text
	}
	return reason + " · " + text
}

func mark(s State) string {
	switch s {
	case StateMatched:
		return "✓"
	case StateFailed:
		return "✗"
	}
	return "?"
}

// points writes points with their sign.
func points(f float64) string { return signed(micro.Of(f)) }

// figure writes a number for people: no more than six decimals, and commas
// between thousands. What is too small for that is not made a zero.
func figure(f float64) string {
	if math.Abs(f) >= 1e15 || math.IsNaN(f) || f != 0 && micro.Of(f) == 0 {
		return strconv.FormatFloat(f, 'g', -1, 64)
	}
	s, fraction, _ := strings.Cut(micro.Of(f).String(), ".")
	if math.Abs(f) > 9e12 {
		s, fraction = strconv.FormatFloat(f, 'f', 0, 64), ""
	}
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	if fraction != "" {
		s += "." + fraction
	}
	return sign + s
}

// rounded writes a number of a table with two decimals at most.
func rounded(f float64) string { return figure(micro.Of(f).Round(2).Float()) }
