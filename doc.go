// Package accountscore scores accounts by rules that analysts can read.
//
// A ruleset in the rules language (package dsl describes it) is parsed and
// compiled into a [Model]. The model turns an [Account] and a moment into a
// [Result]: a score, the range that the score could have, a tier, and what
// each dimension came to. [Model.Explain] gives the same result line by line,
// and [Explanation.Lift] what would bring the account to the next tier.
//
//	rs, err := accountscore.Parse("fit.rules", []byte("employees gte 1000 → +50"))
//	if err != nil { … }
//	m, err := accountscore.Compile(rs)
//	if err != nil { … }
//	r := m.Score(accountscore.Account{ID: "acme", Fields: map[string]any{"employees": 5000}}, time.Now())
//
// # Missing data
//
// These rules have the same numbers in the code that applies them.
//
//  1. A value is known, null (mapped but empty; blank text too), unset (never
//     mapped), stale (older than the field's "stale after": used, and flagged),
//     expired (older than "missing after"), or invalid (of a wrong type, not
//     "one of" those declared, not finite, or an integer beyond 2^53). Missing
//     is null, unset, expired or invalid. A "default" replaces null, unset and
//     expired, never invalid. Without a refresh date nothing is stale. Only
//     fields that the model reads are looked at.
//  2. A comparison that reads a missing value is unknown. Not unknown is
//     unknown; false and unknown is false; true or unknown is true; otherwise
//     unknown. A ternary with an unknown test is unknown, and so is a division
//     by zero. "is known", "is missing" and "is empty" are never unknown.
//  3. An unknown rule earns nothing and is counted in [Result.Unknown].
//  4. Activities are a log: none recorded means none happened. An activity
//     whose filter is unknown does not count. A contact without a known score
//     counts 0; an unknown seniority takes the table's "else".
//  5. [Result.Low] and [Result.High] are the least and the most that the score
//     could be, whatever the account's missing fields turn out to be, staying
//     missing included. So Low ≤ Score ≤ High, and learning a value never
//     leaves the range. A "default" closes a field: it is not open. Contacts do
//     not widen the range, nor do missing fields of contacts and activities.
//     What one dimension reads of one number, text or bool by itself is taken
//     together. What reads times, lists or several fields is taken apart, and
//     so are dimensions: the range is then an outer bound. A "per" counts for
//     values for which its rule's condition holds.
//  6. A tier's condition is evaluated over these ranges. The tier is certain if
//     every earlier one is false and its own is true. An unknown "disqualify"
//     does not disqualify, but makes the tier uncertain.
//
// # Numbers
//
// Points are integer millionths. A product is rounded to millionths, half away
// from zero, where it arises; sums are exact; the total is rounded once, to the
// published digits. So the order of rules or contacts never changes a score,
// and the same model, account and moment give the same bytes on every platform.
//
// # Concurrency
//
// A [Model] is immutable and safe for concurrent use. The package starts no
// goroutine that outlives a call, reads no clock and does no I/O.
//
// # Stability
//
// Before version 1.0 the API may change in a minor version; CHANGELOG.md says
// how. The codes of errors are stable, their messages are not.
package accountscore
