package accountscore

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/jsonschema"
)

// TestExplanationSchema holds the published schema to the Go types and their
// comments. The module examples/schema holds explanations to it.
func TestExplanationSchema(t *testing.T) {
	files, err := filepath.Glob("[a-z]*.go")
	require.NoError(t, err)
	docs, err := jsonschema.Comments(append(files, "dsl/ruleset.go")...)
	require.NoError(t, err)
	types := jsonschema.Types{Docs: docs, Leaves: map[reflect.Type]any{
		reflect.TypeFor[time.Time]():      json.RawMessage(`{"type": "string", "format": "date-time"}`),
		reflect.TypeFor[dsl.Value]():      json.RawMessage(jsonschema.Literal),
		reflect.TypeFor[State]():          jsonschema.Enum(StateMatched, StateFailed, StateUnknown),
		reflect.TypeFor[TierState]():      jsonschema.Enum(TierTrue, TierFalse, TierPossible),
		reflect.TypeFor[Bound]():          jsonschema.Enum(AtLeast, MoreThan, AtMost, LessThan, Exactly),
		reflect.TypeFor[dsl.ReasonSide](): jsonschema.Enum(dsl.ReasonsBelow, dsl.ReasonsAbove),
		reflect.TypeFor[ValueState](): jsonschema.Enum(ValueKnown, ValueStale, ValueDefault, ValueUnset, ValueNull, ValueExpired,
			ValueInvalid, ValueUnknown, ValueNever),
		reflect.TypeFor[LineKind](): jsonschema.Enum(LineRule, LineGroup, LineContact, LineRounding, LineBonus, LineScale, LineClamp, LineWeight),
	}}
	want, err := types.Document("accountscore explanation", reflect.TypeFor[Explanation]())
	require.NoError(t, err)
	if *updateExplain {
		require.NoError(t, os.WriteFile("explanation.schema.json", want, 0o644))
		return
	}
	require.Equal(t, string(want), string(ExplanationSchema()), "run go test -run TestExplanationSchema -update")
}
