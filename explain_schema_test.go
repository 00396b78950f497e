package accountscore

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
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
	if string(want) != string(published) {
		require.FailNow(t, file+" is another than the Go types: "+firstDifference(t, want, published), "run go test -run Schema -update")
	}
}

// firstDifference tells where two schemas differ, in a line or two: each is
// thousands of lines long.
func firstDifference(t *testing.T, want, got []byte) string {
	var a, b any
	require.NoError(t, json.Unmarshal(want, &a))
	require.NoError(t, json.Unmarshal(got, &b))
	path, x, y := differs("", a, b)
	if path == "" && reflect.DeepEqual(x, y) {
		return "the order of its keys, or its layout"
	}
	brief := func(v any) string {
		if v == nil {
			return "nothing"
		}
		data, err := json.Marshal(v)
		require.NoError(t, err)
		return shorten(string(data), 200)
	}
	return orElse(path, "/") + "\nwant " + brief(x) + "\ngot  " + brief(y)
}

// differs gives the JSON pointer to the first difference below a path, and
// what each has there.
func differs(path string, a, b any) (string, any, any) {
	var keys []string
	of := func(v any, key string) any { return v.(map[string]any)[key] }
	switch x := a.(type) {
	case map[string]any:
		y, ok := b.(map[string]any)
		if !ok {
			return path, a, b
		}
		keys = slices.Sorted(maps.Keys(x))
		for key := range y {
			if _, ok := x[key]; !ok {
				keys = append(keys, key)
			}
		}
		slices.Sort(keys)
	case []any:
		y, ok := b.([]any)
		if !ok || len(x) != len(y) {
			return path, a, b
		}
		for i := range x {
			keys = append(keys, strconv.Itoa(i))
		}
		of = func(v any, key string) any {
			i, _ := strconv.Atoi(key)
			return v.([]any)[i]
		}
	}
	for _, key := range keys {
		if x, y := of(a, key), of(b, key); !reflect.DeepEqual(x, y) {
			return differs(path+"/"+strings.NewReplacer("~", "~0", "/", "~1").Replace(key), x, y)
		}
	}
	return path, a, b
}

// TestFirstDifference: what schemas differ in is told in short.
func TestFirstDifference(t *testing.T) {
	long := `"` + strings.Repeat("x", 1000) + `"`
	for _, tt := range [][3]string{
		{`{"a": {"b/c": [1, 2]}}`, `{"a": {"b/c": [1, 3]}}`, "/a/b~1c/1\nwant 2\ngot  3"},
		{`{"a": [1, 2]}`, `{"a": [1]}`, "/a\nwant [1,2]\ngot  [1]"},
		{`{"a": 1, "b": 1}`, `{"b": 2}`, "/a\nwant 1\ngot  nothing"},
		{`{"b": 1}`, `{"b": 1, "a": {}}`, "/a\nwant nothing\ngot  {}"},
		{`{"b": {}}`, `{"b": []}`, "/b\nwant {}\ngot  []"},
		{`{"b": []}`, `{"b": {}}`, "/b\nwant []\ngot  {}"},
		{`1`, `2`, "/\nwant 1\ngot  2"},
		{`{"a": 1, "b": 1}`, `{"b": 1, "a": 1}`, "the order of its keys, or its layout"},
		{`{"a": ` + long + `}`, `{"a": 1}`, "/a\nwant " + long[:200] + "…\ngot  1"},
	} {
		require.Equal(t, tt[2], firstDifference(t, []byte(tt[0]), []byte(tt[1])))
	}
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
