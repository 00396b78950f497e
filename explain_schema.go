package accountscore

import _ "embed"

//go:embed explanation.schema.json
var explanationSchema []byte

// ExplanationSchema gives the JSON Schema (draft 2020-12) of the JSON of an
// [Explanation].
func ExplanationSchema() []byte { return append([]byte(nil), explanationSchema...) }
