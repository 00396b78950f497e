package accountscore

import "github.com/accountscore/accountscore/dsl"

// A model is plain data until it is compiled. Its types live in package dsl,
// beside the language that writes them; these are their names for programs
// that build, read or change rulesets.
type (
	// Ruleset is a scoring model: what a .rules file says.
	Ruleset = dsl.Ruleset
	// Review says how often the model is to be looked at again.
	Review = dsl.Review
	// Published says how the total becomes the published score.
	Published = dsl.Published
	// ReasonSide says which lines are reasons: those below their baseline, or
	// those above.
	ReasonSide = dsl.ReasonSide
	// Param is a named constant that a caller may replace when compiling.
	Param = dsl.Param
	// Value is a literal of a param, a default or a case.
	Value = dsl.Value
	// Formula is the text of a condition or of a computed value.
	Formula = dsl.Formula
	// Field is one named value of an account, a contact or an activity.
	Field = dsl.Field
	// ActivityType is a kind of activity, with the fields that filters may read.
	ActivityType = dsl.ActivityType
	// Let is a computed value, visible after its declaration.
	Let = dsl.Let
	// Dimension is one axis of a score, such as fit or intent.
	Dimension = dsl.Dimension
	// Item is one line of a dimension: a rule or a group.
	Item = dsl.Item
	// Rule is one line that earns points.
	Rule = dsl.Rule
	// Group is a set of rules that count as one line.
	Group = dsl.Group
	// Ramp is linear between two values and flat outside.
	Ramp = dsl.Ramp
	// Entry is one entry of a table, and Key its key.
	Entry = dsl.Entry
	Key   = dsl.Key
	// Signal is the left side of an "each" or "latest" line.
	Signal = dsl.Signal
	// Scale multiplies a dimension's sum when its condition is true.
	Scale = dsl.Scale
	// Rollup turns contacts into one dimension of the account.
	Rollup = dsl.Rollup
	// Disqualifier overrides the tier where its condition is true.
	Disqualifier = dsl.Disqualifier
	// Grade turns a dimension's points into a letter.
	Grade = dsl.Grading
	// Tier is one step of a ladder.
	Tier = dsl.Tier
	// Play is what a team does about the accounts of a tier.
	Play = dsl.Play
	// Ladder is a further set of tiers beside the main one.
	Ladder = dsl.Ladder
	// Trigger names a change between two results.
	Trigger = dsl.Trigger
	// Case is an account with the result that the author expects.
	Case = dsl.Case
)

// F makes a formula of its text, for rulesets that are built in Go.
func F(text string) Formula { return Formula{Text: text} }
