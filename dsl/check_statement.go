package dsl

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/numeral"
)

// The bounds of factors. They keep every product of points and factors within
// 64 bits of millionths.
const (
	maxFactor        = 100     // of scale and of a dimension's weight
	maxContactWeight = 50      // plus or minus
	maxContactScore  = 100_000 // the cap of a contact
	maxRate          = 100     // of the multi-thread bonus
	million          = 1_000_000
)

// counted puts a number before a noun.
func counted(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}

func finite(f float64) bool { return !math.IsNaN(f) && !math.IsInf(f, 0) }

// millionths tells whether a number is a whole number of millionths.
func millionths(f float64) bool {
	scaled := f * million
	return math.Abs(scaled-math.Round(scaled)) <= 1e-9*math.Max(1, math.Abs(scaled))
}

// points reports points that cannot be.
func (c *checker) points(v float64, pos Pos, path, what string) bool {
	return c.within(v, -MaxPoints, MaxPoints, pos, path, what)
}

// within reports a number that is outside its bounds, or finer than what the
// scoring computes with.
func (c *checker) within(v, lo, hi float64, pos Pos, path, what string) bool {
	switch {
	case !finite(v) || v < lo || v > hi:
		c.wrong(pos, path, CodeValue, fmt.Sprintf("write a number from %s to %s", numeral.Plain(lo), numeral.Plain(hi)), "%s is %s, which is out of bounds", what, numeral.Plain(v))
	case !millionths(v):
		c.wrong(pos, path, CodeValue, "write at most six decimals", "%s is %s, finer than a millionth", what, numeral.Plain(v))
	default:
		return true
	}
	return false
}

// checkStatements checks how statements fit together, and reads their
// formulas in the order of the ruleset.
func (c *checker) checkStatements() {
	rs := c.rs
	c.checkReview()
	c.checkPublished()
	c.checkReasons()
	c.checkLanguage(rs.Language, Pos{}, "language")
	for i := range rs.Lets {
		let := &rs.Lets[i]
		path := fmt.Sprintf("let %s", let.Name)
		if let.Value.IsZero() {
			c.wrong(let.Pos, path, CodeStructure, "write `let name = expression`", "the let `%s` has no value", let.Name)
			continue
		}
		if u := c.read(&let.Value, scope{kind: accountScope, lets: i}, cond.NoType, "a let", path); u != nil {
			u.let = c.lets[i]
		}
	}
	c.checkDimensions()
	account := scope{kind: accountScope, lets: len(rs.Lets)}
	for i := range rs.Disqualify {
		d := &rs.Disqualify[i]
		path := fmt.Sprintf("disqualify %d", i+1)
		if d.When.IsZero() {
			c.wrong(d.Pos, path, CodeStructure, "write `disqualify when condition`", "a disqualify has no condition")
		}
		c.readReasoned(&d.When, d.Language, d.Reason, d.Pos, account, path)
	}
	c.checkGrades()
	c.checkTiers(rs.Tiers, "tiers")
	c.checkLadders()
	c.checkTriggers()
}

func (c *checker) checkReview() {
	if r := c.rs.Review; r != nil && r.Every <= 0 {
		c.wrong(r.Pos, "review", CodeValue, "write `review every 90d`", "the review has no interval")
	}
}

func (c *checker) checkPublished() {
	s := c.rs.Score
	if s == nil {
		return
	}
	round := 2
	if s.Round != nil {
		round = *s.Round
	}
	if round < 0 || round > 6 {
		c.wrong(s.Pos, "score", CodeValue, "round to 0 up to 6 decimals", "a score cannot be rounded to %d decimals", round)
		return
	}
	scale := math.Pow10(round)
	for _, end := range []struct {
		v    *float64
		name string
	}{{s.Min, "min"}, {s.Max, "max"}} {
		if end.v == nil || !c.points(*end.v, s.Pos, "score", "the score's "+end.name) {
			continue
		}
		if f := *end.v * scale; math.Abs(f-math.Round(f)) > 1e-6 {
			c.wrong(s.Pos, "score", CodeValue, "round finer, or write the bound with fewer decimals", "the score's %s %s has more than %s", end.name, numeral.Plain(*end.v), counted(round, "decimal"))
		}
	}
	if s.Min != nil && s.Max != nil && !(*s.Min < *s.Max) {
		c.wrong(s.Pos, "score", CodeValue, "write the smaller number as min", "the score's min %s is not below its max %s", numeral.Plain(*s.Min), numeral.Plain(*s.Max))
	}
}

func (c *checker) checkReasons() {
	if s := c.rs.Reasons; s != "" && s != ReasonsBelow && s != ReasonsAbove {
		c.wrong(Pos{}, "reasons", CodeValue, "use below or above", "reasons cannot be `%s` their baseline", clipText(string(s), 40))
	}
}

func (c *checker) checkGrades() {
	seen := map[string]bool{}
	for i := range c.rs.Grades {
		g := &c.rs.Grades[i]
		path := fmt.Sprintf("grades %s", g.Dimension)
		if _, ok := c.dimensions[g.Dimension]; !ok {
			fix := "name a dimension"
			if near := c.near(g.Dimension, c.dimensionNames); near != "" {
				fix = fmt.Sprintf("did you mean `%s`?", near)
			}
			c.wrong(g.Pos, path, CodeName, fix, "there is no dimension `%s` to grade", clipText(g.Dimension, 40))
		} else if seen[g.Dimension] {
			c.wrong(g.Pos, path, CodeDuplicate, "put the steps into one statement", "the dimension `%s` is graded twice", g.Dimension)
		}
		seen[g.Dimension] = true
		if len(g.Steps) == 0 {
			c.wrong(g.Pos, path, CodeStructure, "write `grades fit { 75+: A, else: B }`", "the grades of `%s` are empty", g.Dimension)
		}
		hasElse := false
		for j := range g.Steps {
			s := &g.Steps[j]
			pos := c.posOr(s.Pos, g.Pos)
			if s.Grade == "" {
				c.wrong(pos, path, CodeStructure, "write one, as in `75+: A`", "a step of the grades has no grade")
			}
			if s.Key.Kind == KeyElse && hasElse {
				c.wrong(pos, path, CodeDuplicate, "drop one", "the grades have `else` twice")
			}
			hasElse = hasElse || s.Key.Kind == KeyElse
			c.checkKey(s.Key, cond.Number, pos, path, "a grading")
			if s.Key.Kind == KeyMissing {
				c.wrong(pos, path, CodeStructure, "drop it", "the points of a dimension are never missing")
			}
		}
	}
}

// posOr gives the first position that is one.
func (c *checker) posOr(pos ...Pos) Pos {
	for _, p := range pos {
		if p.IsValid() {
			return p
		}
	}
	return Pos{}
}

// isGrade tells whether a grade can be; slot as of gradeJoined.
func (c *checker) isGrade(slot int, grade string) bool {
	if slot == gradeJoined {
		return joinable(c.rs.Grades, grade, new(int))
	}
	return slot-1 < len(c.rs.Grades) && steps(c.rs.Grades[slot-1], func(letter string) bool { return letter == grade })
}

// maxJoins bounds the search for how letters join.
const maxJoins = 10_000

// joinable tells whether one letter of each grading, in order, make a grade.
func joinable(grades []Grading, grade string, tried *int) bool {
	if len(grades) == 0 {
		return grade == ""
	}
	return steps(grades[0], func(letter string) bool {
		*tried++
		if *tried > maxJoins {
			return true
		}
		return len(letter) <= len(grade) && grade[:len(letter)] == letter && joinable(grades[1:], grade[len(letter):], tried)
	})
}

// steps calls f for the letters of a grading until one is true; a grading
// without else can give no letter.
func steps(g Grading, f func(letter string) bool) bool {
	open := true
	for i := range g.Steps {
		if f(g.Steps[i].Grade) {
			return true
		}
		open = open && g.Steps[i].Key.Kind != KeyElse
	}
	return open && f("")
}

// checkTiers checks one ladder of tiers.
func (c *checker) checkTiers(tiers []Tier, path string) {
	seen := map[string]bool{}
	for i := range tiers {
		t := &tiers[i]
		path := fmt.Sprintf("%s, tier %s", path, t.Name)
		switch {
		case t.Name == "":
			c.wrong(t.Pos, path, CodeStructure, "give it a name", "a tier has no name")
		case t.Name == "disqualified":
			c.wrong(t.Pos, path, CodeDuplicate, "give it another name, or write `disqualify when …`", "`disqualified` is the tier of what `disqualify` hits")
		case seen[t.Name]:
			c.wrong(t.Pos, path, CodeDuplicate, "join them with `or`, or rename one", "the tier `%s` is declared twice", t.Name)
		}
		seen[t.Name] = true
		if t.When.IsZero() && i < len(tiers)-1 {
			c.wrong(t.Pos, path, CodeStructure, "move it to the end", "`otherwise` of the tier `%s` leaves nothing to the tiers below it", t.Name)
		}
		if t.Hold != nil && c.within(*t.Hold, 0, MaxPoints, t.Pos, path, "hold") && t.When.IsZero() {
			c.wrong(t.Pos, path, CodeStructure, "drop it", "a tier with `otherwise` has nothing to hold")
		}
		c.readCondition(&t.When, t.Language, t.Pos, scope{kind: tierScope, lets: len(c.rs.Lets)}, path)
	}
}

func (c *checker) checkLadders() {
	seen := map[string]bool{}
	for i := range c.rs.Ladders {
		l := &c.rs.Ladders[i]
		path := fmt.Sprintf("tiers %s", l.Name)
		switch {
		case l.Name == "":
			c.wrong(l.Pos, path, CodeStructure, "write `tiers stage { … }`", "a second ladder of tiers needs a name")
		case c.expected(l.Name) != 0:
			c.wrong(l.Pos, path, CodeDuplicate, "give the ladder another name", "`%s` is already a name of the result", l.Name)
		case seen[l.Name]:
			c.wrong(l.Pos, path, CodeDuplicate, "give it another name", "the ladder `%s` is declared twice", l.Name)
		}
		seen[l.Name] = true
		if len(l.Tiers) == 0 {
			c.wrong(l.Pos, path, CodeStructure, "give it tiers, or drop it", "the ladder `%s` is empty", l.Name)
		}
		for j := range l.Tiers {
			if t := &l.Tiers[j]; t.Hold != nil {
				c.wrong(c.posOr(t.Pos, l.Pos), path, CodeStructure, "drop it, or make this the main ladder",
					"a hold needs the tier that the account had, which is known of the main ladder alone")
			}
		}
		c.checkTiers(l.Tiers, path)
	}
}

// tier tells whether the main ladder has a tier.
func (c *checker) tier(name string) bool {
	for i := range c.rs.Tiers {
		if c.rs.Tiers[i].Name == name {
			return true
		}
	}
	return name == "disqualified" && len(c.rs.Disqualify) > 0
}

// needTier reports a tier that there is not.
func (c *checker) needTier(name string, pos Pos, path string) {
	if c.tier(name) || c.garbledTier(name) {
		return
	}
	among := func() []string {
		var list []string
		for i := range c.rs.Tiers {
			list = append(list, c.rs.Tiers[i].Name)
		}
		return list
	}
	fix := "name a tier of the main `tiers` block"
	if w := strings.ToLower(name); literalWords[w] || w == "none" || w == "no" {
		fix = `write tier "" for no tier`
	}
	if near := c.near(name, among); near != "" {
		fix = fmt.Sprintf("did you mean `%s`?", near)
	}
	c.wrong(pos, path, CodeName, fix, "there is no tier `%s`", clipText(name, 40))
}

func (c *checker) checkTriggers() {
	seen := map[string]bool{}
	for i := range c.rs.Triggers {
		t := &c.rs.Triggers[i]
		path := fmt.Sprintf("trigger %s", t.Name)
		switch {
		case t.Name == "":
			c.wrong(t.Pos, path, CodeStructure, "give it a name", "a trigger has no name")
		case seen[t.Name]:
			c.wrong(t.Pos, path, CodeDuplicate, "give it another name", "the trigger `%s` is declared twice", t.Name)
		}
		seen[t.Name] = true
		switch t.Kind {
		case Rises, Falls, RisesTo, FallsTo:
			if t.On != "tier" {
				c.onlyTier(t, path)
				continue
			}
			if t.Kind == RisesTo || t.Kind == FallsTo {
				c.needTier(t.To, t.Pos, path)
			} else if len(c.rs.Tiers) == 0 {
				c.wrong(t.Pos, path, CodeStructure, "add a `tiers` block", "the trigger `%s` needs tiers", t.Name)
			}
		case RisesBy, FallsBy, Reaches:
			if t.On == "tier" {
				c.wrong(t.Pos, path, CodeStructure, "write `tier rises`, `tier falls` or `tier rises to NAME`", "a tier does not change by an amount")
				continue
			}
			if !c.scoredNumber(t.On) {
				c.unknownNumber(t.On, c.wordPos(t.Pos, t.On), path)
			}
			if !finite(t.By) || t.Kind != Reaches && t.By <= 0 {
				c.wrong(t.Pos, path, CodeValue, "write a number above zero", "the trigger `%s` wants an amount above zero", t.Name)
			}
		default:
			c.wrong(t.Pos, path, CodeStructure, "use rises, falls, rises to, rises by, falls by or reaches", "`%s` is no kind of trigger", clipText(string(t.Kind), 40))
		}
	}
}

// onlyTier reports a trigger that rises or falls as the tier alone does.
func (c *checker) onlyTier(t *Trigger, path string) {
	verb, pos := verb(t.Kind), c.wordPos(t.Pos, t.On)
	dimension, graded := strings.CutSuffix(t.On, ".grade")
	if t.On == "grade" && len(c.rs.Grades) > 0 {
		dimension, graded = c.rs.Grades[0].Dimension, true
	}
	ladder := slices.ContainsFunc(c.rs.Ladders, func(l Ladder) bool { return l.Name == t.On })
	switch {
	case graded:
		c.wrong(pos, path, CodeStructure, fmt.Sprintf("write `%s %s by 10`, or read the grade in a tier and write `tier %s`", dimension, verb, verb), "no trigger watches a grade")
	case ladder:
		c.wrong(pos, path, CodeStructure, "write `tier "+verb+"`, and make `"+t.On+"` the main ladder if it is meant: `tiers { … }`", "a trigger watches the main ladder alone")
	case c.scoredNumber(t.On):
		c.wrong(pos, path, CodeStructure, fmt.Sprintf("write `%s %s by 10`", t.On, verb), "only the tier simply %s; a number does so by an amount", verb)
	default:
		c.unknownNumber(t.On, pos, path)
	}
}

func verb(k TriggerKind) string {
	if k == Falls || k == FallsTo {
		return "falls"
	}
	return "rises"
}

// scoredNumber tells whether a name is a number of the result.
func (c *checker) scoredNumber(name string) bool {
	_, dimension := c.dimensions[name]
	_, metric := rollupMetrics[name]
	return name == "score" || dimension || metric && c.rollup != nil
}

// unknownNumber reports a name that is no number of the result.
func (c *checker) unknownNumber(name string, pos Pos, path string) {
	if _, metric := rollupMetrics[name]; metric {
		c.wrong(pos, path, CodeName, "write `dimension NAME from contacts { … }`", "`%s` needs a dimension from contacts", name)
		return
	}
	among := func() []string {
		list := append([]string{"score"}, c.dimensionNames()...)
		if c.rollup != nil {
			list = append(list, rollupNames...)
		}
		return list
	}
	fix := "name score, a dimension, or a number of the contacts"
	if near := c.near(name, among); near != "" {
		fix = fmt.Sprintf("did you mean `%s`?", near)
	}
	c.wrong(pos, path, CodeName, fix, "the result has no number `%s`", clipText(name, 40))
}
