package dsl

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/internal/jsonschema"
)

var updateSchema = flag.Bool("update", false, "rewrite golden files")

// leaves are the types that marshal by themselves, and the closed sets.
var leaves = map[reflect.Type]any{
	reflect.TypeFor[Formula]():     json.RawMessage(fmt.Sprintf(`{"type": "string", "maxLength": %d, "description": "a condition or a computed value in the rules language"}`, MaxFormula)),
	reflect.TypeFor[Duration]():    json.RawMessage(`{"type": "string", "pattern": "^[0-9]", "description": "a length of time such as 90d or 12h"}`),
	reflect.TypeFor[Date]():        json.RawMessage(`{"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}", "description": "a day, or a moment in RFC 3339"}`),
	reflect.TypeFor[Value]():       json.RawMessage(jsonschema.Literal),
	reflect.TypeFor[Type]():        jsonschema.Enum(NumberType, TextType, BoolType, ListType, TimeType),
	reflect.TypeFor[Change]():      jsonschema.Enum(Fixed, Enrichable, Actionable),
	reflect.TypeFor[ReasonSide]():  jsonschema.Enum(ReasonsBelow, ReasonsAbove),
	reflect.TypeFor[GroupKind]():   jsonschema.Enum(BestOf, FirstOf, SumOf),
	reflect.TypeFor[KeyKind]():     jsonschema.Enum(KeyRange, KeyFrom, KeyNumber, KeyText, KeyMissing, KeyElse),
	reflect.TypeFor[CombineKind](): jsonschema.Enum(Ranked, Sum, Max, Top, Mean, WeightedMean, Best),
	reflect.TypeFor[TriggerKind](): jsonschema.Enum(Rises, Falls, RisesTo, FallsTo, RisesBy, FallsBy, Reaches),
}

// TestJSONSchema holds the published schema to the Go types.
func TestJSONSchema(t *testing.T) {
	types := jsonschema.Types{Leaves: leaves}
	want, err := types.Document("accountscore ruleset", reflect.TypeFor[Ruleset]())
	require.NoError(t, err)
	if *updateSchema {
		require.NoError(t, os.WriteFile("ruleset.schema.json", want, 0o644))
		return
	}
	assert.Equal(t, string(want), string(JSONSchema()), "run go test ./dsl -run TestJSONSchema -update")
}
