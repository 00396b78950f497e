package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/accountscore/accountscore/dsl"
)

// hover tells what stands at an offset: what a name means, what a word does,
// or else what the rule around it earns.
func (d *document) hover(offset int) *hover {
	t, p, ok := d.tokenAt(offset)
	if !ok {
		return nil
	}
	a := d.analysis()
	text := ""
	if t.kind == wordToken {
		if s := a.resolve(&p, d.text, t); s != nil {
			text = s.doc
		} else {
			text = wordDoc(&p, d.text, t)
		}
	}
	if text == "" {
		text = a.ruleText(t.from, d.lineEnd(int(d.position(t.from).Line)))
	}
	if text == "" {
		return nil
	}
	return &hover{Contents: markup{"markdown", text}, Range: d.span(t.from, t.to)}
}

// definition gives the place where the name at an offset is declared.
func (d *document) definition(offset int) *location {
	t, p, ok := d.tokenAt(offset)
	if !ok || t.kind != wordToken {
		return nil
	}
	s := d.analysis().resolve(&p, d.text, t)
	if s == nil || !s.pos.IsValid() {
		return nil
	}
	return &location{URI: d.uri, Range: d.extent(s.pos.Offset)}
}

// tokenAt gives the token at an offset, or the word that ends there, and the
// place before it. Comments and line ends are none.
func (d *document) tokenAt(offset int) (token, place, bool) {
	toks := scan(d.text, len(d.text))
	i := slices.IndexFunc(toks, func(t token) bool { return t.from <= offset && offset < t.to })
	if i < 0 || toks[i].kind != wordToken {
		if j := slices.IndexFunc(toks, func(t token) bool { return t.to == offset && t.kind == wordToken }); j >= 0 {
			i = j
		}
	}
	if i < 0 || toks[i].kind == commentToken || toks[i].kind == lineToken {
		return token{}, place{}, false
	}
	t := toks[i]
	// fit.grade is one name.
	for j := max(i-2, 0); j <= i && j+2 < len(toks); j++ {
		name, dot, grade := toks[j], toks[j+1], toks[j+2]
		if name.kind == wordToken && dot.s == "." && grade.s == "grade" && name.to == dot.from && dot.to == grade.from {
			t = token{wordToken, name.from, grade.to, d.text[name.from:grade.to]}
		}
	}
	return t, placeAt(d.text, t.from), true
}

// resolve gives what a name means at its place, nil where it is no name.
func (a *analysis) resolve(p *place, text string, t token) *symbol {
	call := strings.HasPrefix(strings.TrimLeft(text[t.to:], " "), "(")
	switch before := p.back(1); {
	case before == "each" || before == "latest" || before == "did":
		return named(a.activities(), t.s)
	case before == "(" && logFunctions[p.back(2)]:
		if s := named(a.activities(), t.s); s != nil {
			return s
		}
	case before == "dimension" && len(p.stmt) == 1, before == "grades" && len(p.stmt) == 1:
		return named(a.dimensions(), t.s)
	case before == "was" && p.kind() == caseBlock, before == "to" && (p.back(2) == "rises" || p.back(2) == "falls"),
		before == "tier" && p.begins("expect"):
		return named(a.tierNames(true), t.s)
	case p.kind() == tiersBlock && len(p.stmt) == 0:
		return a.at(a.tierNames(false), t.from)
	case p.kind() == contactsBlock && before == "field":
		return a.at(a.contactFields(), p.stmt[0].from)
	case p.begins("activity"):
		if s := named(a.activities(), t.s); s != nil && before != "(" {
			return s
		}
		return nil
	case p.begins("field") && before != "field", p.begins("case") || p.begins("ruleset"):
		return nil
	}
	if call {
		return nil
	}
	if wordBefore(p, t.s) {
		return nil
	}
	if s := named(a.values(p), t.s); s != nil {
		return s
	}
	return nil
}

// at finds the symbol that is declared at an offset.
func (a *analysis) at(list []symbol, offset int) *symbol {
	for i := range list {
		if list[i].pos.IsValid() && list[i].pos.Offset == offset {
			return &list[i]
		}
	}
	return nil
}

// wordBefore tells whether a word is one of the language's at its place, such
// as the score that begins a statement.
func wordBefore(p *place, w string) bool {
	if len(p.stmt) > 0 {
		return false
	}
	switch p.kind() {
	case contactsBlock:
		return w == "score" || w == "cap" || w == "weight" || w == "engaged"
	case fileBlock:
		return w == "score"
	}
	return false
}

// wordDoc tells what a word of the language does; empty for another one. The
// longest phrase around the word counts.
func wordDoc(p *place, text string, t token) string {
	lower := strings.ToLower(t.s)
	line := text[t.to : t.to+lineLen(text[t.to:])]
	after := strings.Fields(line)
	next := func(n int) string {
		if n > len(after) {
			return lower
		}
		return strings.ToLower(lower + " " + strings.Join(after[:n], " "))
	}
	before := strings.ToLower(p.back(1))
	hyphen := ""
	if before == "-" {
		hyphen = strings.ToLower(p.back(2)) + "-" + lower
	}
	for _, phrase := range []string{
		strings.ToLower(p.back(2)) + " " + before + " " + lower,
		before + " " + next(1), next(2), before + " " + lower, hyphen, next(1), lower + firstHyphenated(line), lower,
	} {
		if doc := words[phrase]; doc != "" {
			return "**" + phrase + "** — " + doc
		}
	}
	return ""
}

// firstHyphenated gives -life of what follows half.
func firstHyphenated(line string) string {
	if !strings.HasPrefix(line, "-") {
		return ""
	}
	return "-" + line[1:1+wordLen(line[1:])]
}

// ruleText tells what the rule at an offset earns; empty outside rules. end is
// the end of the offset's line.
func (a *analysis) ruleText(offset, end int) string {
	var best *dsl.Rule
	where := ""
	consider := func(r *dsl.Rule, d *dsl.Dimension, n int, group *dsl.Group) {
		if !r.Pos.IsValid() || r.Pos.Offset > offset && r.Pos.Offset >= end || r.Pos.Offset > offset {
			return
		}
		if best != nil && best.Pos.Offset > r.Pos.Offset {
			return
		}
		best = r
		where = fmt.Sprintf("%s.%d", d.Name, n)
		if r.Label != "" {
			where = d.Name + "." + r.Label
		}
		if group != nil {
			where += " in " + string(group.Kind)
			if group.Name != "" {
				where += " “" + group.Name + "”"
			}
		}
	}
	for i := range a.rs.Dimensions {
		d := &a.rs.Dimensions[i]
		n := 0
		for j := range d.Items {
			if r := d.Items[j].Rule; r != nil {
				n++
				consider(r, d, n, nil)
				continue
			}
			g := d.Items[j].Group
			for k := range g.Rules {
				n++
				consider(&g.Rules[k], d, n, g)
			}
		}
	}
	if best == nil || !a.sameStatement(best.Pos.Offset, offset) {
		return ""
	}
	text := "**" + where + "** — " + points(best)
	if best.Reason != "" {
		text += "\n\n“" + best.Reason + "”"
	}
	return text
}

// sameStatement tells whether the text between two offsets belongs to one
// statement.
func (a *analysis) sameStatement(from, to int) bool {
	p := placeAt(a.rs.Source, to)
	if from == to {
		return true
	}
	if len(p.stmt) > 0 && p.stmt[0].from == from {
		return true
	}
	// In the table of a rule.
	n := len(p.blocks)
	return n > 0 && p.blocks[n-1].kind == tableBlock && len(p.blocks[n-1].head) > 0 && p.blocks[n-1].head[0].from == from
}

// points says what a rule earns.
func points(r *dsl.Rule) string {
	var b strings.Builder
	clause := func(word string, v *float64) {
		if v != nil {
			fmt.Fprintf(&b, ", %s %s", word, number(*v))
		}
	}
	switch s := r.Signal; {
	case r.Ramp != nil:
		fmt.Fprintf(&b, "%s to %s points as `%s` goes from %s to %s", number(r.Ramp.From), number(r.Ramp.To), r.Of.Text, number(r.Ramp.Lo), number(r.Ramp.Hi))
	case r.Table != nil:
		lo, hi := r.Table[0].Value, r.Table[0].Value
		for _, e := range r.Table {
			lo, hi = min(lo, e.Value), max(hi, e.Value)
		}
		fmt.Fprintf(&b, "%s to %s points by the table over `%s`", number(lo), number(hi), r.Of.Text)
	case s != nil:
		which := "each"
		if s.Latest {
			which = "the latest"
		}
		fmt.Fprintf(&b, "%s points for %s `%s`", signed(r.Points), which, s.Activity)
		if !s.Where.IsZero() {
			fmt.Fprintf(&b, " where `%s`", s.Where.Text)
		}
		if s.Within != 0 {
			fmt.Fprintf(&b, " within %s", s.Within)
		}
		if s.PerValue {
			b.WriteString(", times its value")
		}
		if s.HalfLife != 0 {
			fmt.Fprintf(&b, ", half-life %dd", s.HalfLife)
		}
		if s.Linear != 0 {
			fmt.Fprintf(&b, ", linear %s", s.Linear)
		}
		clause("daily max", s.DailyMax)
		clause("max", r.Max)
	default:
		fmt.Fprintf(&b, "%s points", signed(r.Points))
		if !r.Per.IsZero() {
			fmt.Fprintf(&b, " per `%s`", r.Per.Text)
		}
		fmt.Fprintf(&b, " when `%s`", r.When.Text)
		if r.Language != "" {
			fmt.Fprintf(&b, " in %s", r.Language)
		}
		clause("else", r.Else)
		clause("max", r.Max)
		clause("min", r.Min)
	}
	clause("baseline", r.Baseline)
	if r.Code != "" {
		fmt.Fprintf(&b, ", code %s", r.Code)
	}
	return b.String()
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func signed(v float64) string {
	if v > 0 {
		return "+" + number(v)
	}
	return number(v)
}
