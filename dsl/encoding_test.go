package dsl

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every text of a ruleset, wherever it stands, is held to UTF-8 without NUL.
func TestTextsOfMadeRulesets(t *testing.T) {
	for _, bad := range []string{"a\xffb", "a\x00b", "\xed\xa0\x80"} {
		places := 0
		var spoil func(v reflect.Value, rs *Ruleset)
		spoil = func(v reflect.Value, rs *Ruleset) {
			switch v.Kind() {
			case reflect.String:
				good := v.String()
				v.SetString(bad)
				_, errs := Check(rs, Bindings{})
				v.SetString(good)
				places++
				require.Len(t, errs, 1)
				assert.Equal(t, CodeEncoding, errs[0].Code)
				assert.NotEmpty(t, errs[0].File)
			case reflect.Pointer:
				if !v.IsNil() {
					spoil(v.Elem(), rs)
				}
			case reflect.Slice:
				for i := range min(v.Len(), 2) {
					spoil(v.Index(i), rs)
				}
			case reflect.Struct:
				for i := range v.NumField() {
					if f := v.Type().Field(i); f.IsExported() && f.Name != "Source" && f.Name != "File" {
						spoil(v.Field(i), rs)
					}
				}
			}
		}
		rs, errs := Parse("x.rules", healthcare(t))
		require.Empty(t, errs)
		spoil(reflect.ValueOf(rs).Elem(), rs)
		assert.Greater(t, places, 100)
	}
}

func TestEncodingPlaces(t *testing.T) {
	bad := "a\xff"
	for _, tt := range []struct {
		name  string
		rs    *Ruleset
		b     Bindings
		place string
	}{
		{"name", &Ruleset{Name: bad}, Bindings{}, "name"},
		{"tier", &Ruleset{Tiers: []Tier{{Name: "a"}, {Name: bad}}}, Bindings{}, "tiers[1].name"},
		{"play", &Ruleset{Tiers: []Tier{{Name: "a", Plays: []Play{{Motion: bad}}}}}, Bindings{}, "tiers[0].plays[0].motion"},
		{"value", &Ruleset{Params: []Param{{Name: "p", Value: Value{Kind: ListValue, List: []string{"b", bad}}}}}, Bindings{}, "params[0].value[1]"},
		{"formula", &Ruleset{Disqualify: []Disqualifier{{When: Formula{Text: bad}}}}, Bindings{}, "disqualify[0].when"},
		{"bound value", &Ruleset{}, Bindings{Params: map[string]Value{"p": {Kind: TextValue, Text: bad}}}, "param p"},
		{"bound name", &Ruleset{}, Bindings{Params: map[string]Value{bad: {Kind: TextValue, Text: "x"}}}, "param " + bad},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tt.b.Final = true
			_, errs := Check(tt.rs, tt.b)
			require.Len(t, errs, 1)
			assert.Equal(t, CodeEncoding, errs[0].Code)
			assert.Equal(t, tt.place, errs[0].File)
		})
	}
	rs, errs := Parse("x.rules", []byte("tiers {\n  top when score > 5\n  low otherwise\n}"))
	require.Empty(t, errs)
	rs.Tiers[1].Name = "\x00"
	_, errs = Check(rs, Bindings{})
	require.Len(t, errs, 1)
	assert.Equal(t, "x.rules:3:3", errs[0].File+":"+errs[0].Pos.String(), "a statement with a place keeps it")

	_, err := ReadJSON([]byte(`{"name": "a\u0000b"}`))
	var fault *Error
	require.ErrorAs(t, err, &fault)
	assert.Equal(t, CodeEncoding, fault.Code)
}
