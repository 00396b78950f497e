package dsl

import (
	"fmt"
	"reflect"
)

// The bounds of the language. Those of the text are checked before anything
// recursive looks at it, so that no text can exhaust the process. A caller may
// lower those of [Limits].
const (
	MaxSource    = 1 << 20       // bytes of a ruleset's text, or of all its texts where it has none
	MaxJSON      = 8 << 20       // bytes of a ruleset's JSON
	MaxRules     = 10_000        // rules of a ruleset, those of groups included
	MaxGroup     = 1_000         // rules of one group
	MaxStatement = 50_000        // statements of a ruleset of any kind, and entries of tables
	MaxFormula   = 4 << 10       // bytes of one condition
	MaxNesting   = 64            // depth of brackets and of the syntax tree
	MaxNodes     = 1_000         // parts of one condition, list items not counted
	MaxExpanded  = 10_000        // parts that one condition looks at: in 1 < a+b < c, a+b counts twice
	MaxItems     = 250_000       // items of lists; those of a param's list count wherever a condition reads it
	MaxPattern   = 10_000        // steps of one compiled pattern
	MaxPatterns  = 1_000_000     // steps of all patterns of a ruleset
	MaxGrades    = 1_000         // grades that the letters of all gradings join to
	MaxHalfLives = 4 << 20       // entries of decay tables: 21 for each day of each different half-life
	MaxDone      = 1_000_000     // activities of all cases together
	MaxWork      = 4_000_000     // parts of all conditions, entries of tables, and fields read through lets
	MaxCaseWork  = 1_000_000_000 // steps that all cases together take
	MaxPoints    = 1_000_000     // points of one rule, plus or minus
	MaxErrors    = 1_000         // faults collected before a reader gives up
)

// Limits lowers the bounds of the language, for those who take rules from
// people whom they do not know. A zero member is the published bound, the
// constant that it is named after; none can be raised.
type Limits struct {
	Source     int // MaxSource
	Rules      int // MaxRules
	Group      int // MaxGroup
	Statements int // MaxStatement
	Formula    int // MaxFormula
	Nesting    int // MaxNesting
	Nodes      int // MaxNodes
	Items      int // MaxItems
	Patterns   int // MaxPatterns
	Grades     int // MaxGrades
	HalfLives  int // MaxHalfLives
	Done       int // MaxDone
	Work       int // MaxWork
	CaseWork   int // MaxCaseWork
}

// published is the bounds that hold where none is lowered.
var published = Limits{
	Source: MaxSource, Rules: MaxRules, Group: MaxGroup, Statements: MaxStatement, Formula: MaxFormula, Nesting: MaxNesting,
	Nodes: MaxNodes, Items: MaxItems, Patterns: MaxPatterns, Grades: MaxGrades, HalfLives: MaxHalfLives, Done: MaxDone,
	Work: MaxWork, CaseWork: MaxCaseWork,
}

// resolve gives the bounds that hold, with the faults of what was asked for.
func (l Limits) resolve() (Limits, ErrorList) {
	out := published
	var errs ErrorList
	asked, most := reflect.ValueOf(l), reflect.ValueOf(&out).Elem()
	for i := range asked.NumField() {
		name, n, most := asked.Type().Field(i).Name, asked.Field(i).Int(), most.Field(i)
		switch {
		case n == 0:
		case n < 0 || n > most.Int():
			errs = append(errs, newError(place{file: "limit " + name}, Pos{}, CodeLimit,
				fmt.Sprintf("the limit %s is %d; the published bound is %d, and a limit can only be lower", name, n, most.Int()),
				fmt.Sprintf("give a number from 1 to %d, or 0 for that", most.Int())))
		default:
			most.SetInt(n)
		}
	}
	return out, errs
}

// checkSize holds the whole ruleset to its bounds. It tells whether what was
// published holds too, beyond which nothing more is looked at.
func (c *checker) checkSize(w *textWalk) bool {
	most, what, size := c.limits.Source, "the ruleset is %d bytes long; at most %d are read", len(c.rs.Source)
	var pos Pos
	switch {
	case size > most:
		pos = (&placer{src: c.rs.Source, line: 1, col: 1}).at(most)
	case size == 0:
		size, what = w.bytes, "the texts of the ruleset are %d bytes long, all together; at most %d are read"
		if most == MaxSource {
			most = MaxJSON
		}
	}
	if size > most {
		c.wrong(pos, "ruleset", CodeLimit, "split the model", what, size, most)
	}
	if w.statements > c.limits.Statements {
		c.wrong(w.over, w.overPath, CodeLimit, "split the model", "the ruleset has %d statements and entries; at most %d are read", w.statements, c.limits.Statements)
	}
	return w.bytes <= MaxJSON && w.statements <= MaxStatement
}

// checkFormulas holds conditions to bounds that are lower than what they were
// read with.
func (c *checker) checkFormulas() {
	if c.limits.Formula < MaxFormula || c.limits.Nodes < MaxNodes || c.limits.Nesting < MaxNesting {
		for _, u := range c.uses {
			c.checkFormula(u)
		}
	}
}

// start gives the place of a formula in the text that errors point into.
func (u *use) start() Pos {
	if u.f.Pos.IsValid() {
		return u.f.Pos
	}
	return Pos{Line: 1, Column: 1}
}

// checkFormula holds one condition.
func (c *checker) checkFormula(u *use) {
	if u.f == nil || u.node == nil && u.language == "" {
		return // a name alone, or a fault that is reported
	}
	if n := len(u.f.Text); n > c.limits.Formula {
		c.fault(u.at, u.start(), CodeLimit, "take it apart with let", "a condition is %d bytes long; at most %d are read", n, c.limits.Formula)
		return
	}
	if u.language != "" {
		return
	}
	switch p, _ := parseFormula(*u.f, u.at.file, c.rs.Source); {
	case p.nodes > c.limits.Nodes:
		c.fault(u.at, u.start(), CodeLimit, "take it apart with let", "a condition has %d parts, more than %d", p.nodes, c.limits.Nodes)
	case p.deepest > c.limits.Nesting:
		c.fault(u.at, u.start(), CodeLimit, "take it apart with let", "a condition is nested %d deep, deeper than %d", p.deepest, c.limits.Nesting)
	}
}
