// Package dsl is the rules language of accountscore: it reads rulesets, says
// what is wrong with them, and gives those that are right a form that can be
// computed with. It scores nothing itself.
//
// A text goes a short way:
//
//	text → tokens → Ruleset → Checked
//
// [Parse] cuts a text into tokens and reads them into a [Ruleset], which is
// plain data: what the author wrote and nothing that was worked out from it.
// Formulas stay text there, and their syntax trees, see [Node], are made beside
// it. [Check] finds what the names mean and what types the formulas have, those
// of undeclared fields by their use, and gives a [Checked] with typed trees. A
// Ruleset made in Go or read by [ReadJSON] enters at Check and is held to all
// that Parse would have refused.
//
// [Format] and [Ruleset.Format] write the canonical text. A Ruleset marshals to
// JSON and back without loss, in the form that [JSONSchema] describes. A rule's
// condition may be in another [Language]: [Rules] and [Expr] are always there,
// and package dsltest holds further ones to what they promise.
//
// # Errors
//
// Every fault is an [Error] with its place, a stable [Code], a message and,
// where there is one, a fix. Parse and Check give all of them at once, as an
// [ErrorList], and one mistake is meant to give one error.
//
// # Bounds
//
// No text panics, hangs or exhausts the process: the constants from [MaxSource]
// on bound what is read, and are checked before anything recursive looks at it.
// What costs more than its text shows, such as a pattern, has a bound of its
// own for each and for all of a ruleset together.
//
// # Concurrency
//
// The functions share no state and read no clock. A Checked is immutable and
// safe for concurrent use; a Ruleset is as long as nobody changes it.
package dsl
