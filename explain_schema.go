package accountscore

import _ "embed"

//go:embed explanation.schema.json
var explanationSchema []byte

//go:embed answers.schema.json
var answersSchema []byte

// AnswersSchema gives the JSON Schema (draft 2020-12) of an object of what else
// there is to an explanation: "reasons" (a list of [Reason]), "paths" (of
// [Path]), "committee" (of [RoleLift]), "attribution" (an [Attribution]) and
// "events" (a list of [Event]), each of which may be left out. The schema of
// each by itself is under "$defs".
func AnswersSchema() []byte { return append([]byte(nil), answersSchema...) }

// ExplanationSchema gives the JSON Schema (draft 2020-12) of the JSON of an
// [Explanation].
func ExplanationSchema() []byte { return append([]byte(nil), explanationSchema...) }
