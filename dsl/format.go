package dsl

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/accountscore/accountscore/internal/numeral"
)

const (
	formatWidth = 100 // characters after which lists of statements are wrapped
	hangIndent  = 4   // spaces before what goes on with the line above
	alignWidth  = 64  // cells wider than this do not widen their column
)

// Format gives the ruleset's canonical text, laid out as the function Format
// would. Statements stand in a fixed order, whatever the order that they were
// read in, and formulas in one spelling: "n gte 5" becomes "n >= 5". So parsing
// the text gives a ruleset that means the same, and whose Format is the same.
// A formula that does not parse is printed as it is, on one line.
func (rs *Ruleset) Format() []byte {
	p := rulesetPrinter{language: rs.Language}
	p.header(rs)
	p.params(rs)
	p.section()
	p.fields(rs.Fields)
	p.activities(rs.Activities)
	p.lets(rs.Lets)
	if isBare(rs.Dimensions) {
		p.section()
		p.items(rs.Dimensions[0].Items)
		p.scales(rs.Dimensions[0].Scales)
	} else {
		for i := range rs.Dimensions {
			p.section()
			p.dimension(&rs.Dimensions[i])
		}
	}
	p.disqualify(rs.Disqualify)
	p.gradings(rs.Grades)
	p.tiers("tiers", rs.Tiers)
	for i := range rs.Ladders {
		p.tiers("tiers "+rs.Ladders[i].Name, rs.Ladders[i].Tiers)
	}
	p.triggers(rs.Triggers)
	for i := range rs.Cases {
		p.section()
		p.caseBlock(&rs.Cases[i])
	}
	return []byte(p.b.String())
}

// isBare tells whether the dimensions are what rules outside of any dimension
// make.
func isBare(ds []Dimension) bool {
	if len(ds) != 1 {
		return false
	}
	d := &ds[0]
	return d.Name == "points" && d.Description == "" && d.OutOf == nil && d.Min == nil && d.Max == nil &&
		d.Weight == nil && !d.Unscored && d.Contacts == nil && len(d.Items)+len(d.Scales) > 0
}

// rulesetPrinter writes lines at the depth of the block that they stand in.
type rulesetPrinter struct {
	b     strings.Builder
	depth int
	gap   bool // a blank line is due before the next line

	language string // of the conditions that name none
}

// section separates what follows from what was printed by a blank line.
func (p *rulesetPrinter) section() { p.gap = p.b.Len() > 0 }

func (p *rulesetPrinter) line(parts ...string) {
	if p.gap {
		p.b.WriteByte('\n')
		p.gap = false
	}
	p.b.WriteString(strings.Repeat("  ", p.depth))
	p.b.WriteString(joinWords(parts...))
	p.b.WriteByte('\n')
}

// open begins a block, which done ends.
func (p *rulesetPrinter) open(parts ...string) {
	p.line(append(parts, "{")...)
	p.depth++
}

func (p *rulesetPrinter) done() {
	p.gap = false
	p.depth--
	p.line("}")
}

// widens tells whether a cell makes its column as wide as it is. A long one,
// one of several lines and a table, after which little else follows, do not.
func widens(cell string) bool {
	return utf8.RuneCountInString(cell) <= alignWidth && !strings.HasPrefix(cell, "→ {") && !strings.ContainsAny(cell, "\n"+listBreak)
}

// columns prints rows of cells, each column as wide as its widest cell that
// widens it. Columns that are empty in every row vanish.
func (p *rulesetPrinter) columns(gap string, rows [][]string) {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			if widens(cell) {
				widths[i] = max(widths[i], utf8.RuneCountInString(cell))
			}
		}
	}
	var b []byte
	for _, row := range rows {
		b = b[:0]
		pending := 0 // spaces due before the next cell that is not empty
		for i, cell := range row {
			if cell != "" {
				for range pending {
					b = append(b, ' ')
				}
				b = append(b, cell...)
				pending = 0
			}
			if widths[i] > 0 || cell != "" {
				pending += max(widths[i]-utf8.RuneCountInString(cell), 0) + len(gap)
			}
		}
		p.line(string(b))
	}
}

// wrapped prints head and items separated by commas, in lines that stay
// within formatWidth where they can. Lines after the first begin with again.
func (p *rulesetPrinter) wrapped(head, again, end string, items []string) {
	line := ""
	for _, item := range items {
		switch {
		case line == "":
			line = head + item
		case 2*p.depth+utf8.RuneCountInString(line)+2+utf8.RuneCountInString(item) > formatWidth:
			p.line(line + end)
			line = again + item
		default:
			line += ", " + item
		}
	}
	if line != "" {
		p.line(line)
	}
}

// joinWords joins the parts that are not empty with spaces.
func joinWords(parts ...string) string {
	var said [8]string
	words := said[:0]
	for _, s := range parts {
		if s != "" {
			words = append(words, s)
		}
	}
	return strings.Join(words, " ")
}

func (p *rulesetPrinter) header(rs *Ruleset) {
	if rs.Name != "" || rs.Version != "" {
		head := "ruleset " + quoteText(rs.Name)
		if rs.Version != "" {
			head += " version " + quoteText(rs.Version)
		}
		p.line(head)
	}
	if r := rs.Review; r != nil {
		from := ""
		if r.From != nil {
			from = "from " + r.From.String()
		}
		p.line("review every", printDuration(r.Every), from)
	}
	if s := rs.Score; s != nil && *s != (Published{Pos: s.Pos}) {
		round := ""
		if s.Round != nil {
			round = "round " + strconv.Itoa(*s.Round)
		}
		p.line("score", numberClause("min", s.Min), numberClause("max", s.Max), round)
	}
	if rs.Reasons != "" {
		p.line("reasons", string(rs.Reasons), "baseline")
	}
	if rs.Language != "" {
		p.line("language", rs.Language)
	}
	p.section()
}

func (p *rulesetPrinter) params(rs *Ruleset) {
	rows := make([][]string, len(rs.Params))
	for i := range rs.Params {
		param := &rs.Params[i]
		value := formatValue(param.Value)
		if rs.quotesItems(param) {
			value = formatQuoted(param.Value.List)
		}
		rows[i] = []string{"param", param.Name, "= " + value}
	}
	p.columns(" ", rows)
}

func (p *rulesetPrinter) fields(fields []Field) {
	rows := make([][]string, len(fields))
	for i := range fields {
		f := &fields[i]
		rows[i] = []string{"field " + f.Name, string(f.Type), fieldClauses(f)}
	}
	p.columns("  ", rows)
}

// fieldClauses prints what follows a field's type.
func fieldClauses(f *Field) string {
	var parts []string
	if f.From != "" {
		parts = append(parts, "from", quoteText(f.From))
	}
	if f.StaleAfter != 0 {
		parts = append(parts, "stale after", printDuration(f.StaleAfter))
	}
	if f.MissingAfter != 0 {
		parts = append(parts, "missing after", printDuration(f.MissingAfter))
	}
	if f.Default != nil {
		parts = append(parts, "default", formatValue(*f.Default))
	}
	if len(f.OneOf) > 0 {
		items := make([]string, len(f.OneOf))
		for i, v := range f.OneOf {
			items[i] = formatChoice(v, f.Type)
		}
		parts = append(parts, "one of ["+strings.Join(items, ", ")+"]")
	}
	if f.IgnoringCase {
		parts = append(parts, "ignoring case")
	}
	parts = append(parts, string(f.Change))
	if f.Description != "" {
		parts = append(parts, quoteText(f.Description))
	}
	return joinWords(parts...)
}

func (p *rulesetPrinter) activities(types []ActivityType) {
	p.section()
	items := make([]string, len(types))
	for i := range types {
		items[i] = types[i].Name
		if len(types[i].Fields) == 0 {
			continue
		}
		fields := make([]string, len(types[i].Fields))
		for j := range types[i].Fields {
			f := &types[i].Fields[j]
			fields[j] = joinWords(f.Name, string(f.Type), fieldClauses(f))
		}
		items[i] += " (" + strings.Join(fields, ", ") + ")"
	}
	p.wrapped("activity ", "activity ", "", items)
}

func (p *rulesetPrinter) lets(lets []Let) {
	p.section()
	rows := make([][]string, len(lets))
	for i, l := range lets {
		rows[i] = []string{"let", l.Name, "= " + formatFormula(l.Value)}
	}
	p.columns(" ", rows)
}

func (p *rulesetPrinter) dimension(d *Dimension) {
	parts := []string{"dimension", d.Name}
	if d.Description != "" {
		parts = append(parts, quoteText(d.Description))
	}
	parts = append(parts, numberClause("out of", d.OutOf), numberClause("min", d.Min), numberClause("max", d.Max))
	if d.Weight != nil {
		parts = append(parts, "weight", formatPercent(*d.Weight))
	}
	if d.Unscored {
		parts = append(parts, "unscored")
	}
	if d.Contacts != nil {
		parts = append(parts, "from contacts")
	}
	p.open(parts...)
	if d.Contacts != nil {
		p.rollup(d.Contacts)
	}
	p.items(d.Items)
	p.scales(d.Scales)
	p.done()
}

func (p *rulesetPrinter) scales(scales []Scale) {
	rows := make([][]string, len(scales))
	for i := range scales {
		s := &scales[i]
		when := formatCondition(s.When, s.Language, p.language)
		rows[i] = []string{"scale " + formatPercent(s.Factor) + " when " + when, reasonBeside(when, s.Language, s.Reason)}
	}
	p.columns("  ", rows)
}

// items prints rules and groups; arrows are aligned in each run of rules.
func (p *rulesetPrinter) items(items []Item) {
	var run []*Rule
	flush := func() {
		p.rules(run)
		run = nil
	}
	for i := range items {
		if g := items[i].Group; g != nil {
			flush()
			head := []string{string(g.Kind)}
			if g.Name != "" {
				head = append(head, quoteText(g.Name))
			}
			p.open(append(head, numberClause("max", g.Max), numberClause("min", g.Min), reasonClauses(g.Baseline, g.Code))...)
			for j := range g.Rules {
				run = append(run, &g.Rules[j])
			}
			flush()
			p.done()
		} else if r := items[i].Rule; r != nil {
			run = append(run, r)
		}
	}
	flush()
}

func (p *rulesetPrinter) rules(rules []*Rule) {
	rows := make([][]string, len(rules))
	for i, r := range rules {
		label := ""
		if r.Label != "" {
			label = r.Label + ":"
		}
		left, points, rest := formatRule(r)
		if !r.When.IsZero() {
			left = formatCondition(r.When, r.Language, p.language)
		}
		rows[i] = []string{label, left, "→ " + points, joinWords(rest, reasonClauses(r.Baseline, r.Code)), quotedReason(r.Reason)}
	}
	p.columns("  ", rows)
}

// reasonClauses prints what a rule or group says of itself as a reason.
func reasonClauses(baseline *float64, code string) string {
	if code != "" {
		code = "code " + printName(code)
	}
	return joinWords(numberClause("baseline", baseline), code)
}

// formatRule prints what a rule reads, what it earns, and what modifies that.
func formatRule(r *Rule) (left, points, rest string) {
	switch {
	case r.Signal != nil:
		return formatSignal(r)
	case r.Ramp != nil:
		m := r.Ramp
		return formatFormula(r.Of), numeral.Compact(m.From) + ".." + numeral.Compact(m.To), "over " + numeral.Interval(m.Lo, m.Hi)
	case r.Of.Text != "":
		return formatFormula(r.Of), formatTable(r.Table, formatPoints), ""
	}
	parts := []string{}
	if r.Else != nil {
		parts = append(parts, "else", formatPoints(*r.Else))
	}
	if r.Per.Text != "" {
		parts = append(parts, "per", formatFormula(r.Per))
	}
	parts = append(parts, numberClause("max", r.Max), numberClause("min", r.Min))
	return formatFormula(r.When), formatPoints(r.Points), joinWords(parts...)
}

func formatSignal(r *Rule) (left, points, rest string) {
	s := r.Signal
	l := []string{"each", s.Activity}
	if s.Latest {
		l[0] = "latest"
	}
	if s.ByAccount {
		l = append(l, "by account")
	}
	where, closed := formatFilter(s.Where)
	within := ""
	if s.Within != 0 {
		within = "within " + printDuration(s.Within)
	}
	if closed {
		l = append(l, where, within)
	} else {
		l = append(l, within, where)
	}
	var m []string
	if s.PerValue {
		m = append(m, "per value")
	}
	if s.HalfLife != 0 {
		m = append(m, "half-life "+strconv.Itoa(s.HalfLife)+"d")
	}
	if s.Linear != 0 {
		m = append(m, "linear "+printDuration(s.Linear))
	}
	m = append(m, numberClause("max", r.Max), numberClause("daily max", s.DailyMax))
	return joinWords(l...), formatPoints(r.Points), joinWords(m...)
}

func (p *rulesetPrinter) rollup(r *Rollup) {
	p.fields(r.Fields)
	if len(r.Fields) > 0 {
		p.section()
	}
	var rows [][]string
	add := func(word string, parts ...string) { rows = append(rows, []string{word, joinWords(parts...)}) }
	if r.Score.Text != "" {
		add("score", formatFormula(r.Score))
	}
	if d := r.Decay; d != nil {
		half, linear, within := "", "", ""
		if d.HalfLife != 0 {
			half = "half-life " + strconv.Itoa(d.HalfLife) + "d"
		}
		if d.Linear != 0 {
			linear = "linear " + printDuration(d.Linear)
		}
		if d.Within != 0 {
			within = "within " + printDuration(d.Within)
		}
		add("decay", half, linear, "since", d.Since, within)
	}
	if r.Cap != nil {
		add("cap", numeral.Compact(*r.Cap))
	}
	if w := r.Weight; w != nil {
		add("weight", formatFormula(w.Of), formatTable(w.Table, numeral.Compact))
	}
	if c := r.Combine; c != nil {
		switch c.Kind {
		case Ranked:
			add("combine", "ranked", numeral.Plain(c.Factor))
		case Top:
			add("combine", "top", strconv.Itoa(c.N))
		case Best:
			add("combine", "best", formatPercent(c.Factor))
		default:
			add("combine", string(c.Kind))
		}
	}
	if e := r.Engaged; e != nil {
		distinct := ""
		if e.DistinctBy != "" {
			distinct = "distinct by " + e.DistinctBy
		}
		add("engaged", "at least", numeral.Compact(e.AtLeast), distinct)
	}
	if b := r.Bonus; b != nil {
		if len(b.Steps) > 0 {
			entries := make([]string, len(b.Steps))
			for i, s := range b.Steps {
				entries[i] = strconv.Itoa(s.N) + ": " + formatPoints(s.Points)
			}
			add("bonus", "{ "+strings.Join(entries, ", ")+" }")
		} else {
			add("bonus", "multi-thread", formatPercent(b.Rate), "falling", numeral.Plain(b.Falling))
		}
	}
	if c := r.Committee; c != nil {
		assigned := ""
		if c.Assigned {
			assigned = "assigned"
		}
		roles := make([]string, len(c.Roles))
		for i, role := range c.Roles {
			roles[i] = printName(role.Name) + ": " + strconv.Itoa(role.Need)
		}
		add("committee", assigned, "by", c.Field, "{ "+strings.Join(roles, ", ")+" }")
	}
	p.columns("  ", rows)
}

func (p *rulesetPrinter) disqualify(ds []Disqualifier) {
	p.section()
	rows := make([][]string, len(ds))
	for i := range ds {
		when := formatCondition(ds[i].When, ds[i].Language, p.language)
		rows[i] = []string{"disqualify when " + when, reasonBeside(when, ds[i].Language, ds[i].Reason)}
	}
	p.columns("  ", rows)
}

func (p *rulesetPrinter) gradings(gs []Grading) {
	p.section()
	rows := make([][]string, len(gs))
	for i := range gs {
		steps := make([]string, len(gs[i].Steps))
		for j, s := range gs[i].Steps {
			steps[j] = formatKey(s.Key) + ": " + printGrade(s.Grade)
		}
		rows[i] = []string{"grades", gs[i].Dimension, "{ " + strings.Join(steps, ", ") + " }"}
	}
	p.columns(" ", rows)
}

// printGrade prints a grade, which may be digits alone.
func printGrade(s string) string {
	if allDigits(s) && len(s) < 16 {
		return s
	}
	return printName(s)
}

func (p *rulesetPrinter) tiers(head string, tiers []Tier) {
	if len(tiers) == 0 && head == "tiers" {
		return
	}
	p.section()
	p.open(head)
	width := 0
	for i := range tiers {
		if n := utf8.RuneCountInString(printName(tiers[i].Name)); n <= alignWidth/2 {
			width = max(width, n)
		}
	}
	indent := strings.Repeat(" ", width+2)
	for i := range tiers {
		t := &tiers[i]
		head := printName(t.Name)
		head += strings.Repeat(" ", max(width-utf8.RuneCountInString(head), 0)+2)
		if t.When.Text == "" {
			head += "otherwise"
		} else {
			head += "when " + formatCondition(t.When, t.Language, p.language)
		}
		p.line(head, numberClause("hold", t.Hold))
		for j := range t.Plays {
			p.line(indent + formatPlay(&t.Plays[j]))
		}
	}
	p.done()
}

func formatPlay(play *Play) string {
	parts := []string{"play"}
	if play.Name != "" {
		parts = append(parts, quoteText(play.Name))
	}
	for _, c := range [...]struct{ word, text string }{
		{"targeting", play.Targeting}, {"motion", play.Motion}, {"metric", play.Metric},
	} {
		if c.text != "" {
			parts = append(parts, c.word, quoteText(c.text))
		}
	}
	if len(parts) == 1 {
		return `play targeting ""` // a play has a part
	}
	return joinWords(parts...)
}

func (p *rulesetPrinter) triggers(ts []Trigger) {
	p.section()
	rows := make([][]string, len(ts))
	for i, t := range ts {
		event := joinWords("when", t.On, string(t.Kind))
		switch t.Kind {
		case RisesTo, FallsTo:
			event += " " + printName(t.To)
		case RisesBy, FallsBy, Reaches:
			event += " " + numeral.Compact(t.By)
		}
		rows[i] = []string{"trigger", printName(t.Name), event}
	}
	p.columns(" ", rows)
}

func (p *rulesetPrinter) caseBlock(c *Case) {
	at := ""
	if c.At != nil {
		at = "at " + c.At.String()
	}
	p.open("case", quoteText(c.Name), at)
	if c.Was != "" {
		p.line("was", printName(c.Was))
	}
	p.wrapped("", "", "", caseValues(c.Values))
	for i := range c.Contacts {
		contact := &c.Contacts[i]
		values := caseValues(contact.Values)
		head := "contact " + printName(contact.ID) + " {"
		short := joinWords(head, strings.Join(values, ", "), "}")
		if len(contact.Did) == 0 && utf8.RuneCountInString(short)+2*p.depth <= formatWidth {
			p.line(short)
			continue
		}
		p.line(head)
		p.depth++
		p.wrapped("", "", "", values)
		p.did(contact.Did)
		p.done()
	}
	p.did(c.Did)
	expect := make([]string, len(c.Expect))
	for i, e := range c.Expect {
		if e.Number != nil {
			expect[i] = e.Name + " " + numeral.Plain(*e.Number)
		} else {
			expect[i] = e.Name + " " + printName(e.Text)
		}
	}
	p.wrapped("expect ", strings.Repeat(" ", hangIndent), ",", expect)
	p.done()
}

func caseValues(values []CaseValue) []string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = v.Field + " = " + formatValue(v.Value)
		if v.AsOf != nil {
			texts[i] += " as of " + v.AsOf.String()
		}
	}
	return texts
}

func (p *rulesetPrinter) did(ds []Did) {
	for i := range ds {
		d := &ds[i]
		parts := []string{"did", d.Activity}
		if len(d.Fields) > 0 {
			parts = append(parts, "("+strings.Join(caseValues(d.Fields), ", ")+")")
		}
		if d.On != nil {
			parts = append(parts, "on", d.On.String())
		}
		if d.Value != nil {
			parts = append(parts, "value", numeral.Compact(*d.Value))
		}
		if d.Times != 0 {
			parts = append(parts, "x", strconv.Itoa(d.Times))
		}
		p.line(parts...)
	}
}
