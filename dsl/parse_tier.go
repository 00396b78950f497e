package dsl

// tiers reads: tiers { … }, the main ladder, or tiers stage { … }, a further
// one.
func (p *parser) tiers(at Pos) {
	name := ""
	further := !p.at(opLBrace) && p.peek().kind != tNewline
	if further {
		name = p.ident("the ladder's name or `{`")
	}
	faults := len(p.errs)
	if !p.toBlock() {
		return
	}
	tiers := []Tier{}
	p.block("tiers", faults, func() {
		if t := p.tier(); t != nil {
			tiers = append(tiers, *t)
		}
	})
	switch {
	case further && len(tiers) == 0 && len(p.errs) > faults: // they were lost, not left out
	case further && name != "":
		p.rs.Ladders = append(p.rs.Ladders, Ladder{Pos: at, Name: name, Tiers: tiers})
	case further:
	case p.once(p.rs.Tiers != nil, at, "tiers"):
		p.rs.Tiers = tiers
	}
}

// tier reads: top when score >= 70 hold 5, and its plays.
func (p *parser) tier() *Tier {
	const fix = "write top when score >= 70, or low otherwise"
	first := p.peek()
	t := &Tier{Pos: first.pos()}
	if first.kind == tWord && (p.text(first) == "when" || p.text(first) == "otherwise") && !p.atName() {
		p.fault(first, CodeSyntax, fix, "a tier begins with its name")
	}
	if entry := p.tierEntry(); entry != "" {
		p.fault(first, CodeSyntax, entry, "a tier begins with its name")
	}
	t.Name = p.label("a tier's name")
	switch {
	case p.takeWords("when"):
		t.When, t.Language = p.tierCondition()
	case p.takeWords("otherwise"):
	case p.at(opColon):
		p.fault(p.peek(), CodeSyntax, "write "+printName(t.Name)+" when condition, without the colon", "expected when or otherwise, found `:`")
	default:
		p.unexpected("when or otherwise", fix)
	}
	if p.takeWords("hold") {
		t.Hold = p.amount("a number of points", "write hold 5")
	}
	for p.atPlay() {
		t.Plays = append(t.Plays, p.play())
	}
	if !p.take(opComma) {
		p.endStatement("the tier")
	}
	if p.bad {
		return nil
	}
	return t
}

// atName tells whether the word that is next is a tier's name though it is
// one of the words after it.
func (p *parser) atName() bool {
	w := p.word(p.ahead(1))
	return w == "when" || w == "otherwise"
}

// atPlay tells whether a play is next, on this line or at the beginning of the
// next; a tier may be named play.
func (p *parser) atPlay() bool {
	if p.bad {
		return false
	}
	j := p.skip(p.i)
	if p.word(p.toks[j]) != "play" {
		return false
	}
	if w := p.word(p.toks[j+1]); j > p.i && (w == "when" || w == "otherwise") {
		return false
	}
	p.i = j
	return true
}

// play reads: play "Name" targeting ".." motion ".." metric "..".
func (p *parser) play() Play {
	t := p.next()
	play := Play{Pos: t.pos(), Name: p.optionalText()}
	for n := 0; !p.bad; n++ {
		// The parts may stand on lines of their own.
		if j := p.skip(p.i); j > p.i && playParts[p.word(p.toks[j])] && p.toks[j+1].kind == tText {
			p.i = j
		}
		switch {
		case p.clause(play.Targeting != "", "targeting"):
			play.Targeting = p.quoted("the target", `write targeting "Named ad audiences"`)
		case p.clause(play.Motion != "", "motion"):
			play.Motion = p.quoted("the motion", `write motion "AE-led"`)
		case p.clause(play.Metric != "", "metric"):
			play.Metric = p.quoted("the metric", `write metric "Pipeline created"`)
		default:
			if n == 0 && play.Name == "" && !p.bad {
				p.unexpected("a name in quotes, targeting, motion or metric", `write play "Nurture" motion "Inbound only"`)
			}
			return play
		}
	}
	return play
}

var playParts = wordSet("targeting motion metric")

// grades reads: grades fit { 75+: A, 50+: B, else: C }.
func (p *parser) grades(at Pos) {
	g := Grading{Pos: at, Dimension: p.ident("a dimension")}
	p.skipLines()
	p.table("the grading", func(at Pos, key Key) {
		if !p.bad && key.Kind == KeyText {
			p.faultAt(at, CodeSyntax, "write 75+: A, 50+: B, else: C", "a grade's key is a number of points")
		}
		g.Steps = append(g.Steps, GradeStep{Pos: at, Key: key, Grade: p.grade()})
	})
	if !p.bad {
		p.rs.Grades = append(p.rs.Grades, g)
	}
}

// grade reads a letter, a number or a text in quotes: A, A+, 1.
func (p *parser) grade() string {
	t := p.peek()
	switch t.kind {
	case tText:
		p.next()
		return p.texts[t.aux]
	case tNumber:
		p.next()
		return p.text(t)
	case tWord:
		text := p.bare(false)
		if next := p.peek(); (next.is(opPlus) || next.is(opMinus)) && next.touches() {
			text += p.text(p.next())
		}
		return text
	}
	p.unexpected("a grade", "write 75+: A")
	return ""
}
