package dsl

import "strings"

// rollupLine reads one line of a dimension from contacts.
func (p *parser) rollupLine(d *Dimension) {
	t := p.peek()
	read := rollupClauses[p.word(t)]
	// "cap > 5 → +3" is a rule, "engaged at least 10" has no arrow.
	if read == nil && !p.arrowOnLine(p.i) && p.mistypedLine(t, rollupLines) {
		return
	}
	if read == nil || p.isName(p.i) && (p.arrowOnLine(p.i) || p.ahead(1).is(opColon)) {
		p.dimensionLine(d)
		return
	}
	p.next()
	read(p, t, d.Contacts)
	p.endStatement("the clause")
}

// rollupLines are the words that begin a line of a dimension from contacts, in
// an order.
var rollupLines = strings.Fields("field score decay cap weight combine engaged bonus committee each latest best first sum scale")

var rollupClauses map[string]func(*parser, token, *Rollup)

func init() {
	rollupClauses = map[string]func(*parser, token, *Rollup){
		"field": (*parser).contactField, "score": (*parser).contactScore, "decay": (*parser).decay, "cap": (*parser).cap,
		"weight": (*parser).weighting, "combine": (*parser).combine, "engaged": (*parser).engaged, "bonus": (*parser).bonus,
		"committee": (*parser).committee,
	}
}

func (p *parser) contactField(t token, r *Rollup) {
	f := p.fieldOf(t.pos())
	if !p.bad {
		r.Fields = append(r.Fields, f)
	}
}

// contactScore reads: score lead_score.
func (p *parser) contactScore(t token, r *Rollup) {
	f := p.condition()
	if !p.bad && p.once(!r.Score.IsZero(), t.pos(), "score") {
		r.Score = f
	}
}

// decay reads: decay half-life 30d since last_active within 90d.
func (p *parser) decay(t token, r *Rollup) {
	d := &Decay{Pos: t.pos()}
	for !p.bad {
		next := p.peek()
		switch {
		case p.atHyphenated("half", "life"), p.atWord("linear"):
			if d.HalfLife != 0 || d.Linear != 0 {
				p.decaysTwice(next)
				break
			}
			if p.takeHyphenated("half", "life") {
				d.HalfLife = p.days("a half-life")
				break
			}
			p.next()
			d.Linear = p.duration("a length of time")
		case p.clause(d.Since != "", "since"):
			d.Since = p.ident("a time field of the contact")
		case p.clause(d.Within != 0, "within"):
			d.Within = p.duration("a length of time")
		case d.HalfLife == 0 && d.Linear == 0:
			p.unexpected("half-life or linear", "write decay half-life 30d since last_active")
		case d.Since == "":
			p.unexpected("`since` and a time field", "write decay half-life 30d since last_active")
		default:
			if p.once(r.Decay != nil, t.pos(), "decay") {
				r.Decay = d
			}
			return
		}
	}
}

func (p *parser) cap(t token, r *Rollup) {
	v := p.amount("a number", "write cap 100")
	if !p.bad && p.once(r.Cap != nil, t.pos(), "cap") {
		r.Cap = v
	}
}

// weighting reads: weight seniority { c_level: 2.0, else: 0.5 }.
func (p *parser) weighting(t token, r *Rollup) {
	w := &Weighting{Pos: t.pos(), Of: p.condition()}
	if p.peek().kind == tNewline && p.toks[p.skip(p.i)].is(opLBrace) {
		p.skipLines()
	}
	if !p.bad && !p.at(opLBrace) {
		p.unexpected("a table of weights", "write weight seniority { c_level: 2.0, else: 0.5 }")
	}
	w.Table = p.entries("the table of weights", func() float64 {
		return *p.millionths("a weight", "write c_level: 2.0")
	})
	if !p.bad && p.once(r.Weight != nil, t.pos(), "weight") {
		r.Weight = w
	}
}

// combine reads: combine ranked 0.8, sum, max, top 3, mean, weighted mean or
// best 60%.
func (p *parser) combine(t token, r *Rollup) {
	c := &Combine{Pos: t.pos()}
	switch {
	case p.takeWords("ranked"):
		c.Kind, c.Factor = Ranked, p.factor("a factor", "write combine ranked 0.8")
	case p.takeWords("sum"):
		c.Kind = Sum
	case p.takeWords("max"):
		c.Kind = Max
	case p.takeWords("top"):
		c.Kind, c.N = Top, p.integer("a number of contacts", 1, 1_000_000)
	case p.takeWords("mean"):
		c.Kind = Mean
	case p.takeWords("weighted", "mean"):
		c.Kind = WeightedMean
	case p.takeWords("best"):
		c.Kind, c.Factor = Best, p.factor("a percentage", "write combine best 60%")
	default:
		p.unexpected("ranked, sum, max, top, mean, weighted mean or best", "write combine ranked 0.8")
	}
	if !p.bad && p.once(r.Combine != nil, t.pos(), "combine") {
		r.Combine = c
	}
}

// engaged reads: engaged at least 10 distinct by department.
func (p *parser) engaged(t token, r *Rollup) {
	const fix = "write engaged at least 10"
	if at := p.peek(); p.takeComparison() != OpGe {
		p.i = p.prev + 1
		p.fault(at, CodeSyntax, fix, "expected `at least` and a number, found %s", p.describe(at))
	}
	e := &Engaged{Pos: t.pos(), AtLeast: *p.amount("a number", fix)}
	if p.takeWords("distinct") {
		p.expectWord("by", "write distinct by department")
		e.DistinctBy = p.ident("a field of the contact")
	}
	if !p.bad && p.once(r.Engaged != nil, t.pos(), "engaged") {
		r.Engaged = e
	}
}

// bonus reads: bonus multi-thread 50% falling 0.5, or bonus { 2: +10, 3: +20 }.
func (p *parser) bonus(t token, r *Rollup) {
	b := &Bonus{Pos: t.pos()}
	switch {
	case p.takeHyphenated("multi", "thread"):
		b.Rate = p.factor("a percentage", "write bonus multi-thread 50% falling 0.5")
		if p.takeWords("falling") {
			b.Falling = p.factor("a factor", "write falling 0.5")
		}
	case p.at(opLBrace):
		p.table("the table of bonuses", func(at Pos, key Key) {
			if !p.bad && (key.Kind != KeyNumber && key.Kind != KeyFrom || key.Lo < 1 || key.Lo > 1_000_000 || key.Lo != float64(int(key.Lo))) {
				p.faultAt(at, CodeValue, "write 2: +10, 3: +20, 5: +30", "the key of a bonus is a number of contacts")
			}
			b.Steps = append(b.Steps, Step{Pos: at, N: int(key.Lo), Points: p.points("points", "write 2: +10")})
		})
	default:
		p.unexpected("multi-thread or a table", "write bonus multi-thread 50% falling 0.5, or bonus { 2: +10, 3: +20 }")
	}
	if !p.bad && p.once(r.Bonus != nil, t.pos(), "bonus") {
		r.Bonus = b
	}
}

// committee reads: committee assigned by role { champion: 1, influencer: 3 }.
func (p *parser) committee(t token, r *Rollup) {
	const fix = "write committee by role { decision_maker: 1, champion: 1 }"
	c := &Committee{Pos: t.pos(), Assigned: p.takeWords("assigned")}
	p.expectWord("by", fix)
	c.Field = p.ident("a field of the contact")
	p.skipLines()
	p.table("the committee", func(at Pos, key Key) {
		if !p.bad && key.Kind != KeyText {
			p.faultAt(at, CodeValue, "put quotes around the role", "a role is a text")
		}
		c.Roles = append(c.Roles, Role{Pos: at, Name: key.Text, Need: p.integer("a number of contacts", 1, 1_000_000)})
	})
	if !p.bad && p.once(r.Committee != nil, t.pos(), "committee") {
		r.Committee = c
	}
}
