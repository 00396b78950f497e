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
	types := jsonschema.Types{Docs: docs, Leaves: schemaLeaves()}
	want, err := types.Document("accountscore explanation", reflect.TypeFor[Explanation]())
	require.NoError(t, err)
	holdSchema(t, "explanation.schema.json", want, ExplanationSchema())
}

// schemaLeaves are the types that are not described by their fields.
func schemaLeaves() map[reflect.Type]any {
	return map[reflect.Type]any{
		reflect.TypeFor[time.Time]():      json.RawMessage(`{"type": "string", "format": "date-time"}`),
		reflect.TypeFor[dsl.Value]():      json.RawMessage(jsonschema.Literal),
		reflect.TypeFor[State]():          jsonschema.Enum(StateMatched, StateFailed, StateUnknown),
		reflect.TypeFor[TierState]():      jsonschema.Enum(TierTrue, TierFalse, TierPossible),
		reflect.TypeFor[Bound]():          jsonschema.Enum(AtLeast, MoreThan, AtMost, LessThan, Exactly),
		reflect.TypeFor[dsl.ReasonSide](): jsonschema.Enum(dsl.ReasonsBelow, dsl.ReasonsAbove),
		reflect.TypeFor[ValueState](): jsonschema.Enum(ValueKnown, ValueStale, ValueDefault, ValueUnset, ValueNull, ValueExpired,
			ValueInvalid, ValueUnknown, ValueNever),
		reflect.TypeFor[LineKind]():         jsonschema.Enum(LineRule, LineGroup, LineContact, LineRounding, LineBonus, LineScale, LineClamp, LineWeight),
		reflect.TypeFor[ChangeKind]():       jsonschema.Enum(ChangeRefresh, ChangeFill, ChangeRepeat, ChangeReach, ChangeEngage),
		reflect.TypeFor[ContributionKind](): jsonschema.Enum(FromTime, FromData, FromActivity, FromContactJoined, FromContactChanged, FromContactLeft, FromModel, FromRounding),
		reflect.TypeFor[Lapse]():            jsonschema.Enum(LapseWindow, LapseDecay, LapseExpiry),
		reflect.TypeFor[any]():              jsonschema.Object{{Key: "type", Value: []string{"string", "number"}}},
	}
}

// holdSchema compares a schema with the published one, or with -update writes it.
func holdSchema(t *testing.T, file string, want, published []byte) {
	if *updateExplain {
		require.NoError(t, os.WriteFile(file, want, 0o644))
		return
	}
	require.Equal(t, string(want), string(published), "run go test -run Schema -update")
}

// TestAnswersSchema holds the published schema of reasons, paths, committees,
// attributions and events to the Go types. The module examples/schema holds
// some of each to it.
func TestAnswersSchema(t *testing.T) {
	files, err := filepath.Glob("[a-z]*.go")
	require.NoError(t, err)
	docs, err := jsonschema.Comments(append(files, "dsl/ruleset.go")...)
	require.NoError(t, err)
	// The JSON of an Event, whose before and after are a tier or a number.
	type Event struct {
		AccountID    string  `json:"account_id"`
		Trigger      string  `json:"trigger"`
		On           string  `json:"on"`
		Before       any     `json:"before"`
		After        any     `json:"after"`
		ModelChanged bool    `json:"model_changed,omitempty"`
		Causes       []Cause `json:"causes,omitempty"`
	}
	type answers struct {
		Reasons     []Reason    `json:"reasons,omitempty"`
		Paths       []Path      `json:"paths,omitempty"`
		Committee   []RoleLift  `json:"committee,omitempty"`
		Attribution Attribution `json:"attribution,omitzero"`
		Events      []Event     `json:"events,omitempty"`
	}
	is, written := reflect.TypeFor[Event](), reflect.TypeFor[eventJSON[any]]()
	require.Equal(t, written.NumField(), is.NumField())
	for i := range is.NumField() {
		require.Equal(t, written.Field(i), is.Field(i))
	}
	types := jsonschema.Types{Docs: docs, Leaves: schemaLeaves()}
	want, err := types.Document("accountscore answers", reflect.TypeFor[answers]())
	require.NoError(t, err)
	holdSchema(t, "answers.schema.json", want, AnswersSchema())
}
