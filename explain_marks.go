package accountscore

// How states are shown to people. The data have three of them; a rule that
// holds without earning anything is no success, and a penalty that does not
// hold is no lack.
const (
	shownIdle   State = "idle"   // a penalty that does not hold
	shownSpared State = "spared" // one that holds and changes nothing
	shownVoid   State = "void"   // a rule that holds and earns nothing
)

// shownState is the state of a rule or a scale as people are shown it.
func shownState(s State, penalty bool, points float64) State {
	switch {
	case penalty && s == StateFailed:
		return shownIdle
	case s != StateMatched || points != 0:
		return s
	case penalty:
		return shownSpared
	}
	return shownVoid
}

func (r *RuleExplanation) shown() State { return shownState(r.State, r.Penalty, r.Points) }

func (r *Reason) shown() State { return shownState(r.State, false, r.Points) }

// A scale that changes nothing still holds.
func (s *ScaleExplanation) shown() State { return shownState(s.State, s.Penalty, 1) }

// mark is a state as a character.
func mark(s State) string {
	switch s {
	case StateMatched:
		return "✓"
	case StateFailed:
		return "✗"
	case shownIdle, shownSpared:
		return "·"
	case shownVoid:
		return "○"
	}
	return "?"
}

// word is a state in words.
func word(s State) string {
	switch s {
	case shownIdle:
		return "does not"
	case shownSpared:
		return "has no effect"
	case shownVoid:
		return "earns nothing"
	}
	return string(s)
}

// badMark is the mark of what disqualifies where it holds, and of no account
// where it does not.
func badMark(s State) string {
	if s == StateMatched {
		return "⊘"
	}
	return mark(shownState(s, true, 1))
}
