package accountscore

import (
	"strconv"
	"strings"

	"github.com/accountscore/accountscore/internal/micro"
)

// TextOption changes how [Explanation.Text] lays its text out.
type TextOption func(*page)

// Width makes the lines no longer than a number of columns, held between 40
// and 400. Without it they have at most 100.
func Width(columns int) TextOption {
	return func(p *page) { p.width = min(max(columns, 40), 400) }
}

// Color marks states, signs and headings in colour, by the escape sequences
// that terminals know. Without it there are none. Points are green, and red
// where they are bad: below zero, or above it in a score of risk.
func Color() TextOption { return func(p *page) { p.color = true } }

// Text gives the explanation for a terminal: points stand in a column on the
// right that adds up to each heading, and characters that a terminal could act
// upon are escaped. It stays below 1 MB, and below 2 MB in colour: what a very
// large ruleset has beyond that is left out, and said to be. The first
// rendering of an explanation seeks what [Explanation.Lift] and
// [Explanation.Committee] give, which takes most of its time; the others share
// it.
func (x *Explanation) Text(opts ...TextOption) string {
	x = x.made()
	p := &page{width: pageWidth, risk: x.risk()}
	for _, opt := range opts {
		opt(p)
	}
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
	p.reasons(x)
	p.decisions(x)
	p.close()
	p.part(maxNotesText)
	p.lift(x)
	p.notes(x)
	p.close()
	return p.b.String()
}

func (p *page) head(x *Explanation) {
	p.row("", accountName(x)+", "+modelName(x)+", "+momentText(x.At), "")
	p.row("", strings.Join(append([]string{"Score " + figure(x.Result.Score)}, outcomeSteps(x)...), ", "), "")
}

func (p *page) dimension(d *DimensionExplanation) {
	p.gap()
	share := points(d.Share)
	if d.Unscored {
		share = ""
	}
	p.row("", dimensionName(d)+": "+strings.Join(dimensionSteps(d), ", "), share)
	for i := range d.Groups {
		p.group(&d.Groups[i], "  ")
	}
	if d.Contacts != nil {
		p.contacts(d.Contacts)
	}
	for i := range d.Scales {
		s := &d.Scales[i]
		p.row("  "+mark(s.shown())+" ", said(s.Reason, "scale "+percent(micro.Of(s.Factor))+" when "+s.Text), points(s.Points))
		p.tests(s.State, s.Tests, s.Penalty, "      ")
	}
	if d.Clamped != 0 {
		p.row("    ", clampWords(d.Clamped, d.Min, d.Max), points(d.Clamped))
	}
	if step, change := weightStep(d); change != 0 {
		p.row("    ", step, separated(change))
	}
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
	p.row(indent+mark(r.shown())+" ", ruleTitle(r), earned)
	p.tests(r.State, r.Tests, r.Penalty, indent+"    ")
	p.row(indent+"    ", strings.Join(ruleNotes(r), "; "), "")
}

// tests prints what decided, in a line, or a line each where it failed.
func (p *page) tests(state State, tests []TestExplanation, penalty bool, indent string) {
	for _, line := range testLines(state, tests, rulePhrase(penalty)) {
		p.row(indent, line, "")
	}
}

// maxContactRows is how many contacts are printed; the rest is one line.
const maxContactRows = 25

// tableWidths is the widths of a table's columns. The first is flush left; each of
// the others is flush right and begins with a space.
type tableWidths [8]int

// contactTable makes room for the way of combining in the last heading, and on
// a page that is wider than it must be for the longest id.
func contactTable(c *ContactsExplanation, width int) tableWidths {
	const id = 19
	longest := id
	for i := range min(len(c.Contacts), maxContactRows) {
		longest = max(longest, columns(visible(contactName(&c.Contacts[i]))))
	}
	return tableWidths{min(longest, id+width-pageWidth), 9, 6, 7, 9, 9, 8, min(max(13, columns(c.Combine)+1), 16)}
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
	t := contactTable(c, p.width)
	table := p.width >= pageWidth // there is room for it
	if len(c.Contacts) == 0 {
		p.row("    ", "no contacts", "")
	} else if table {
		p.line("    ", t.line("contact", "base", "age", "decay", "each", "score", "weight", c.Combine), "share")
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
		if table {
			indent, name := "  "+mark(state)+" ", contactName(k)
			if columns(visible(name)) > t[0] {
				// Cut short, ids of one company would all read the same.
				p.row(indent, name, "")
				indent, name = "    ", ""
			}
			age, decay := t.age(2, k.AgeDays), rounded(k.Decay*100)+"%"
			if k.Undated {
				age, decay = "–", "–"
			}
			p.line(indent, t.line(name, t.number(1, k.Base), age, decay,
				t.number(4, k.Activity), t.number(5, k.Score), t.number(6, k.Weight), contactRank(k)), points(k.Share))
			if k.Clamped != 0 {
				p.row("        ", contactSteps(k), "")
			}
		} else {
			p.row("  "+mark(state)+" ", contactName(k), points(k.Share))
			p.row("        ", contactSteps(k)+", weight "+figure(k.Weight)+", "+c.Combine+" "+contactRank(k), "")
		}
		p.row("        ", contactWho(k), "")
		p.row("        ", strings.Join(k.Notes, "; "), "")
		for _, r := range contactRules(i, k) {
			indent := "        "
			if r.Member {
				indent += "  "
			}
			if r.State != "" {
				indent += mark(r.State) + " "
			}
			p.row(indent, r.Text, "")
		}
	}
	if c.Rounding != 0 {
		p.row("    ", "rounding of the contacts' shares", points(c.Rounding))
	}
	if c.Bonus != nil {
		p.row("    ", bonusWords(c), points(c.Bonus.Points))
	} else {
		p.row("    ", engagedWords(c), "")
	}
	if len(c.Roles) > 0 {
		p.row("    ", committeeWords(c), "")
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

func (p *page) reasons(x *Explanation) {
	list, more := x.topReasons()
	if len(list) > 0 {
		p.gap()
		p.row("", x.reasonsTitle()+" "+reasonsNote, "")
	}
	for i := range list {
		p.row("  "+mark(list[i].shown())+" ", reasonWords(&list[i]), separated(x.reasonPoints(&list[i])))
	}
	p.row("    ", more, "")
}

func (p *page) decisions(x *Explanation) {
	if len(x.Disqualify) > 0 {
		p.gap()
		p.row("", "disqualify", "")
	}
	for i := range x.Disqualify {
		d := &x.Disqualify[i]
		decides := ""
		if d.Decides {
			decides = "disqualified"
		}
		p.row("  "+badMark(d.State)+" ", said(d.Reason, d.Text), decides)
		for _, line := range testLines(d.State, d.Tests, idlePhrase) {
			p.row("      ", line, "")
		}
	}
	if len(x.Grades) > 0 {
		p.gap()
		p.row("", "grades", "")
	}
	for i := range x.Grades {
		g := &x.Grades[i]
		p.row("  ", gradeWords(g), "")
	}
	p.tiers("tiers", x.Tiers)
	p.row("  ", overridden(x), "")
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
		text := t.Name + ": " + tierWords(t)
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
			p.row("      "+mark(test.State)+" ", distancePhrase(test), "")
		}
		if !t.Chosen {
			continue
		}
		for _, play := range t.Plays {
			p.row("      ", playWords(&play), "")
		}
	}
}

func (p *page) notes(x *Explanation) {
	named := x.ruleNames()
	if len(x.Missing) > 0 {
		p.gap()
		p.row("", "missing: what each field alone could bring, if it became known", "")
	}
	missing := byGain(x.Missing)
	p.row("    ", untriedWords(missing), "")
	for i := range missing {
		if i == maxNoteRows {
			p.row("  ? ", "and "+counted(len(missing)-i, "more field", "more fields"), "")
			break
		}
		n := &missing[i]
		p.row("  ? ", n.String(), bringWords(n))
		if with := togetherWords(n); with != "" {
			p.row("      ", with, "")
		}
		if n.Found != "" {
			p.row("      ", "found "+n.Found+", wanted "+n.Wanted, "")
		}
		if len(n.Rules) > 0 {
			p.row("      ", "rules that wait for it: "+some(named.all(n.Rules), n.MoreRules), "")
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
		p.row("      ", "read by "+some(named.all(n.Rules), n.MoreRules), "")
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
		p.row("  ! ", v.String(), "")
	}
}

// maxInvalidRows is how many values that could not be used are printed.
const maxInvalidRows = 25
