package dsl

// The bounds of the language. They are checked before anything recursive
// looks at the text, so that no text can exhaust the process.
const (
	MaxSource    = 1 << 20   // bytes of a ruleset
	MaxRules     = 10_000    // rules of a ruleset, those of groups included
	MaxFormula   = 4 << 10   // bytes of one condition
	MaxNesting   = 64        // depth of brackets and of the syntax tree
	MaxNodes     = 1_000     // nodes of one condition, list items not counted
	MaxPoints    = 1_000_000 // points of one rule, plus or minus
	MaxErrors    = 1_000     // faults collected before a reader gives up
	MaxGroup     = 1_000     // rules of one group
	MaxStatement = 50_000    // statements of a ruleset of any kind
	MaxPattern   = 10_000    // steps of one compiled pattern
	MaxPatterns  = 1_000_000 // steps of all patterns of a ruleset
	MaxDone      = 1_000_000 // activities of all cases together
)
