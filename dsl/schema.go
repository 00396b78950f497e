package dsl

import _ "embed"

//go:embed ruleset.schema.json
var schema []byte

// JSONSchema gives the JSON Schema (draft 2020-12) of a ruleset's JSON, for
// rule editors. What it allows is the shape of a ruleset; names, types and
// formulas are checked by [Check] and when compiling.
func JSONSchema() []byte { return append([]byte(nil), schema...) }
