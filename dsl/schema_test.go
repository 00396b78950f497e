package dsl

import (
	"encoding/json"
	"flag"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var updateSchema = flag.Bool("update", false, "rewrite golden files")

// object is a JSON object that keeps the order of its keys.
type object []member

type member struct {
	key   string
	value any
}

func (o object) MarshalJSON() ([]byte, error) {
	var b strings.Builder
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		key, err := json.Marshal(m.key)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(m.value)
		if err != nil {
			return nil, err
		}
		b.Write(key)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return []byte(b.String()), nil
}

const dayPattern = `^[0-9]{4}-[0-9]{2}-[0-9]{2}`

// leaves are the types that marshal by themselves, and the closed sets.
var leaves = map[reflect.Type]any{
	reflect.TypeFor[Formula]():  object{{"type", "string"}, {"maxLength", MaxFormula}, {"description", "a condition or a computed value in the rules language"}},
	reflect.TypeFor[Duration](): object{{"type", "string"}, {"pattern", "^[0-9]"}, {"description", "a length of time such as 90d or 12h"}},
	reflect.TypeFor[Date]():     object{{"type", "string"}, {"pattern", dayPattern}, {"description", "a day, or a moment in RFC 3339"}},
	reflect.TypeFor[Value](): object{{"description", "a literal"}, {"oneOf", []any{
		object{{"type", []string{"number", "string", "boolean", "null"}}},
		object{{"type", "array"}, {"items", object{{"type", "string"}}}},
		object{{"type", "object"}, {"properties", object{{"date", object{{"type", "string"}, {"pattern", dayPattern + "$"}}}}}, {"required", []string{"date"}}, {"additionalProperties", false}},
		object{{"type", "object"}, {"properties", object{{"moment", object{{"type", "string"}, {"pattern", dayPattern + "T"}}}}}, {"required", []string{"moment"}}, {"additionalProperties", false}},
	}}},
	reflect.TypeFor[Type]():        enum(NumberType, TextType, BoolType, ListType, TimeType),
	reflect.TypeFor[Change]():      enum(Fixed, Enrichable, Actionable),
	reflect.TypeFor[ReasonSide]():  enum(ReasonsBelow, ReasonsAbove),
	reflect.TypeFor[GroupKind]():   enum(BestOf, FirstOf, SumOf),
	reflect.TypeFor[KeyKind]():     enum(KeyRange, KeyFrom, KeyNumber, KeyText, KeyMissing, KeyElse),
	reflect.TypeFor[CombineKind](): enum(Ranked, Sum, Max, Top, Mean, WeightedMean, Best),
	reflect.TypeFor[TriggerKind](): enum(Rises, Falls, RisesTo, FallsTo, RisesBy, FallsBy, Reaches),
}

func enum[T any](values ...T) object { return object{{"enum", values}} }

// schemaOf describes a Go type; structs go to defs by their name.
func schemaOf(t reflect.Type, defs map[string]object) any {
	if leaf, ok := leaves[t]; ok {
		return leaf
	}
	switch t.Kind() {
	case reflect.Pointer:
		return schemaOf(t.Elem(), defs)
	case reflect.Slice:
		return object{{"type", "array"}, {"items", schemaOf(t.Elem(), defs)}}
	case reflect.Float64:
		return object{{"type", "number"}}
	case reflect.Int:
		return object{{"type", "integer"}}
	case reflect.String:
		return object{{"type", "string"}}
	case reflect.Bool:
		return object{{"type", "boolean"}}
	}
	if _, ok := defs[t.Name()]; !ok {
		defs[t.Name()] = nil // it may contain itself
		defs[t.Name()] = structSchema(t, defs)
	}
	return object{{"$ref", "#/$defs/" + t.Name()}}
}

func structSchema(t reflect.Type, defs map[string]object) object {
	var properties object
	required := []string{}
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !f.IsExported() || name == "-" {
			continue
		}
		properties = append(properties, member{name, schemaOf(f.Type, defs)})
		if !strings.Contains(options, "omit") {
			required = append(required, name)
		}
	}
	return object{{"type", "object"}, {"properties", properties}, {"required", required}, {"additionalProperties", false}}
}

// TestJSONSchema holds the published schema to the Go types.
func TestJSONSchema(t *testing.T) {
	defs := map[string]object{}
	root := structSchema(reflect.TypeFor[Ruleset](), defs)
	var names []string
	for name := range defs {
		names = append(names, name)
	}
	slices.Sort(names)
	var sorted object
	for _, name := range names {
		sorted = append(sorted, member{name, defs[name]})
	}
	root = append(object{{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", "accountscore ruleset"}}, root...)
	want, err := json.MarshalIndent(append(root, member{"$defs", sorted}), "", "  ")
	require.NoError(t, err)
	want = append(want, '\n')
	if *updateSchema {
		require.NoError(t, os.WriteFile("ruleset.schema.json", want, 0o644))
		return
	}
	assert.Equal(t, string(want), string(JSONSchema()), "run go test ./dsl -run TestJSONSchema -update")
}
