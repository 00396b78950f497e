package accountscore

import "github.com/accountscore/accountscore/dsl"

// A model is plain data until it is compiled. Its types live in package dsl,
// beside the language that writes them; these are their names for programs
// that build, read or change rulesets.
type (
	// Ruleset is a scoring model: what a .rules file says.
	Ruleset = dsl.Ruleset
	// Formula is the text of a condition or of a computed value.
	Formula = dsl.Formula
	// Field is one named value of an account, a contact or an activity.
	Field = dsl.Field
	// Dimension is one axis of a score, such as fit or intent.
	Dimension = dsl.Dimension
	// Item is one line of a dimension: a rule or a group.
	Item = dsl.Item
	// Rule is one line that earns points.
	Rule = dsl.Rule
	// Group is a set of rules that count as one line.
	Group = dsl.Group
	// Rollup turns contacts into one dimension of the account.
	Rollup = dsl.Rollup
	// Tier is one step of a ladder.
	Tier = dsl.Tier
	// Play is what a team does about the accounts of a tier.
	Play = dsl.Play
	// Grade turns a dimension's points into a letter.
	Grade = dsl.Grading
	// Trigger names a change between two results.
	Trigger = dsl.Trigger
	// Case is an account with the result that the author expects.
	Case = dsl.Case
)

// F makes a formula of its text, for rulesets that are built in Go.
func F(text string) Formula { return Formula{Text: text} }
