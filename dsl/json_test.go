package dsl

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// sameRuleset compares what rulesets say, not where it was written.
var sameRuleset = cmp.Options{
	cmpopts.IgnoreTypes(Pos{}),
	cmpopts.IgnoreFields(Ruleset{}, "File", "Source"),
	cmpopts.EquateEmpty(),
}

func TestJSONRoundTrip(t *testing.T) {
	for seed := range uint64(75) {
		want := newRandom(seed).ruleset()
		b, err := json.Marshal(want)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		got, err := ReadJSON(b)
		if err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, b)
		}
		if diff := cmp.Diff(want, got, sameRuleset); diff != "" {
			t.Fatalf("seed %d: JSON changed the ruleset (-want +got):\n%s", seed, diff)
		}
		again, err := json.Marshal(got)
		if err != nil || string(again) != string(b) {
			t.Fatalf("seed %d: JSON is not stable (%v):\n%s\n%s", seed, err, b, again)
		}
	}
}

func TestValueJSON(t *testing.T) {
	moment := time.Date(2026, 10, 1, 12, 0, 0, 500, time.UTC)
	tests := []struct {
		value Value
		json  string
	}{
		{Value{}, `null`},
		{Value{Kind: NumberValue, Number: 2.5}, `2.5`},
		{Value{Kind: NumberValue, Number: 1e300}, `1e+300`},
		{Value{Kind: TextValue, Text: "a\"b"}, `"a\"b"`},
		{Value{Kind: TextValue}, `""`},
		{Value{Kind: TextValue, Text: "2026-10-01"}, `"2026-10-01"`},
		{Value{Kind: BoolValue, Bool: true}, `true`},
		{Value{Kind: BoolValue}, `false`},
		{Value{Kind: ListValue, List: []string{"US", "a, b"}}, `["US","a, b"]`},
		{Value{Kind: ListValue}, `[]`},
		{Value{Kind: DateValue, Date: Date{Time: moment.Truncate(24 * time.Hour), Whole: true}}, `{"date":"2026-10-01"}`},
		{Value{Kind: DateValue, Date: Date{Time: moment}}, `{"moment":"2026-10-01T12:00:00.0000005Z"}`},
	}
	for _, tt := range tests {
		t.Run(tt.json, func(t *testing.T) {
			b, err := json.Marshal(tt.value)
			if err != nil || string(b) != tt.json {
				t.Fatalf("Marshal = %s, %v; want %s", b, err, tt.json)
			}
			var got Value
			if err := json.Unmarshal(b, &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.value, got, cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
		})
	}
	if b, err := json.Marshal(Value{Kind: NumberValue, Number: math.NaN()}); err == nil {
		t.Errorf("NaN marshals as %s", b)
	}
}

func TestDurationText(t *testing.T) {
	tests := []struct {
		duration time.Duration
		text     string
	}{
		{0, "0d"},
		{90 * 24 * time.Hour, "90d"},
		{12 * time.Hour, "12h"},
		{36 * time.Hour, "36h"},
		{48 * time.Hour, "2d"},
		{90 * time.Minute, "1h30m0s"},
		{time.Nanosecond, "1ns"},
		{-24 * time.Hour, "-1d"},
		{math.MaxInt64, "2562047h47m16.854775807s"},
		{math.MinInt64, "-2562047h47m16.854775808s"},
		{106751 * 24 * time.Hour, "106751d"},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			if got := Duration(tt.duration).String(); got != tt.text {
				t.Errorf("String = %s, want %s", got, tt.text)
			}
			var got Duration
			if err := got.UnmarshalText([]byte(tt.text)); err != nil || time.Duration(got) != tt.duration {
				t.Errorf("read back %v, %v", got, err)
			}
		})
	}
	var d Duration
	if err := d.UnmarshalText([]byte("90m")); err != nil || time.Duration(d) != 90*time.Minute {
		t.Errorf("90m reads as %v, %v", d, err)
	}
	for _, bad := range []string{"", "d", "+3d", "1.5d", "90", "3 months", "106752d", "99999999999999999999d"} {
		if err := d.UnmarshalText([]byte(bad)); err == nil {
			t.Errorf("%q reads as %v", bad, d)
		}
	}
}

func TestDateJSON(t *testing.T) {
	var d Date
	if err := json.Unmarshal([]byte(`"2026-10-01T12:00:00+02:00"`), &d); err != nil || d.String() != "2026-10-01T10:00:00Z" {
		t.Errorf("a moment of another zone reads as %v, %v", d, err)
	}
	for _, bad := range []string{`"2026-02-30"`, `"yesterday"`, `5`, `"2026-10-01T12:00:00"`} {
		if err := json.Unmarshal([]byte(bad), &d); err == nil {
			t.Errorf("%s reads as %v", bad, d)
		}
	}
	if b, err := json.Marshal(Date{Time: time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC)}); err == nil {
		t.Errorf("the year 12000 marshals as %s", b)
	}
}

func TestReadJSONFaults(t *testing.T) {
	tests := []struct {
		name, json string
		code       Code
		place      string // path:line:column
		says       string
	}{
		{"empty", "", CodeSyntax, "ruleset:1:1", "no ruleset"},
		{"not JSON", "{\n  \"name\": oops}", CodeSyntax, "ruleset:2:11", "not JSON"},
		{"breaks off", `{"name": "x"`, CodeSyntax, "ruleset:1:13", "breaks off"},
		{"trailing", `{"name": "x"}  {}`, CodeSyntax, "ruleset:1:16", "follows"},
		{"not UTF-8", "{\"name\": \"\xff\"}", CodeEncoding, "ruleset:1:11", "UTF-8"},
		{"NUL", `{"name": "a\u0000"}`, CodeEncoding, "name:1:10", "NUL"},
		{"NUL in a list", `{"params": [{"value": ["a", "\u0000"]}]}`, CodeEncoding, "params[0].value:1:23", "NUL"},
		{"not an object", `[]`, CodeType, "ruleset:1:1", "an object"},
		{"null", `null`, CodeType, "ruleset:1:1", "null"},
		{"unknown key", `{"nmae": "x"}`, CodeName, "ruleset:1:2", `"nmae"`},
		{"key of other case", `{"Name": "x"}`, CodeName, "ruleset:1:2", `"Name"`},
		{"go name of a hidden member", `{"Source": "x"}`, CodeName, "ruleset:1:2", `"Source"`},
		{"dash is no key", `{"-": "x"}`, CodeName, "ruleset:1:2", `"-"`},
		{"key twice", `{"name": "x", "name": "y"}`, CodeDuplicate, "ruleset:1:15", "twice"},
		{"deep unknown key", "{\"dimensions\": [{\"name\": \"fit\",\n \"items\": [{\"rule\": {\"pts\": 5}}]}]}", CodeName, "dimensions[0].items[0].rule:2:22", `"pts"`},
		{"deep type", `{"dimensions": [{}, {"items": [{"rule": {"points": "5"}}]}]}`, CodeType, "dimensions[1].items[0].rule.points:1:52", "a number is wanted"},
		{"number for text", `{"name": 5}`, CodeType, "name:1:10", "a text is wanted"},
		{"number for a formula", `{"lets": [{"name": "x", "value": 5}]}`, CodeType, "lets[0].value:1:34", "is wanted"},
		{"null formula", `{"lets": [{"name": "x", "value": null}]}`, CodeType, "lets[0].value:1:34", "null"},
		{"null number", `{"triggers": [{"by": null}]}`, CodeType, "triggers[0].by:1:22", "a number"},
		{"fraction for a count", `{"cases": [{"did": [{"times": 1.5}]}]}`, CodeType, "cases[0].did[0].times:1:31", "whole number"},
		{"too large a number", `{"score": {"min": 1e999}}`, CodeType, "score.min:1:19", "number"},
		{"value out of range", `{"params": [{"name": "x", "value": 1e999}]}`, CodeValue, "params[0].value:1:36", "range"},
		{"integer beyond 2^53", `{"params": [{"name": "x", "value": 9007199254740993}]}`, CodeValue, "params[0].value:1:36", "2^53"},
		{"list of numbers", `{"params": [{"name": "x", "value": [1]}]}`, CodeValue, "params[0].value:1:36", "texts"},
		{"list with null", `{"params": [{"name": "x", "value": [null]}]}`, CodeValue, "params[0].value:1:36", "texts"},
		{"value's object", `{"params": [{"name": "x", "value": {"day": "2026-10-01"}}]}`, CodeValue, "params[0].value:1:36", "date"},
		{"moment as a date", `{"params": [{"name": "x", "value": {"date": "2026-10-01T00:00:00Z"}}]}`, CodeValue, "params[0].value:1:36", "date"},
		{"date", `{"review": {"every": "90d", "from": "soon"}}`, CodeValue, "review.from:1:37", "soon"},
		{"duration", `{"review": {"every": "3 months"}}`, CodeValue, "review.every:1:22", "3 months"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rs, err := ReadJSON([]byte(tt.json))
			var fault *Error
			if !errors.As(err, &fault) {
				t.Fatalf("ReadJSON = %v, %v; want an *Error", rs, err)
			}
			if got := fault.File + ":" + fault.Pos.String(); got != tt.place || fault.Code != tt.code {
				t.Errorf("at %s [%s], want %s [%s]: %v", got, fault.Code, tt.place, tt.code, err)
			}
			if !strings.Contains(fault.Message, tt.says) {
				t.Errorf("%q does not say %q", fault.Message, tt.says)
			}
			if fault.Fix == "" {
				t.Errorf("%v has no fix", fault)
			}
		})
	}
}

// Every fault is told at once, each with its place and what to do.
func TestReadJSONManyFaults(t *testing.T) {
	rs, err := ReadJSON([]byte(`{
  "nmae": "x",
  "dimensions": [
    {"name": 5, "items": [{"rule": {"points": "5", "when": "a > 1", "whenn": "b"}}]},
    {"name": "intent", "name": "again", "out_of": null, "outOf": true}
  ],
  "review": {"every": "3 months", "from": "soon"},
  "params": [{"name": "x", "value": [1]}]
}`))
	var list ErrorList
	if !errors.As(err, &list) {
		t.Fatalf("ReadJSON = %v, %v; want an ErrorList", rs, err)
	}
	var got []string
	for _, e := range list {
		got = append(got, fmt.Sprintf("%s:%s [%s] %s", e.File, e.Pos, e.Code, e.Fix))
	}
	want := []string{
		`ruleset:2:3 [name] did you mean "name"?`,
		`dimensions[0].name:4:14 [type] write a text`,
		`dimensions[0].items[0].rule.points:4:47 [type] write a number`,
		`dimensions[0].items[0].rule:4:69 [name] did you mean "when"?`,
		`dimensions[1]:5:24 [duplicate] keep one of them`,
		`dimensions[1]:5:57 [name] did you mean "out_of"?`,
		`review.every:7:23 [value] write a length of time such as "90d"`,
		`review.from:7:43 [value] write a day such as "2026-10-01"`,
		`params[0].value:8:37 [value] write a number, a text, true, false, a list of texts or {"date": "2026-10-01"}`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if _, err := ReadJSON([]byte(`{` + strings.Repeat(`"a":1,`, 10*MaxErrors) + `"name":""}`)); !errors.As(err, &list) || len(list) != MaxErrors {
		t.Errorf("%d faults are told, want %d", len(list), MaxErrors)
	}
}

func TestReadJSONIsBounded(t *testing.T) {
	var fault *Error
	if _, err := ReadJSON(make([]byte, MaxJSON+1)); !errors.As(err, &fault) || fault.Code != CodeLimit {
		t.Errorf("a text over the bound gives %v", err)
	}
	for _, s := range []string{"[", `{"dimensions":[`, `{"a":`, `"`, "-", "\\"} {
		start := time.Now()
		if _, err := ReadJSON([]byte(strings.Repeat(s, MaxJSON/len(s)))); err == nil {
			t.Errorf("megabytes of %s is a ruleset", s)
		}
		if d := time.Since(start); d > hang {
			t.Errorf("megabytes of %s took %v", s, d)
		}
	}
}

func TestUnmarshalJSONIsStrict(t *testing.T) {
	var rs Ruleset
	if err := json.Unmarshal([]byte(`{"name": "x", "nope": 1}`), &rs); err == nil {
		t.Error("json.Unmarshal takes an unknown key")
	}
	if err := json.Unmarshal([]byte(`{"name": "x"}`), &rs); err != nil || rs.Name != "x" {
		t.Errorf("json.Unmarshal gives %q, %v", rs.Name, err)
	}
}

func FuzzReadJSON(f *testing.F) {
	for seed := range uint64(8) {
		b, err := json.Marshal(newRandom(seed).ruleset())
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		rs, err := ReadJSON(b)
		if err != nil {
			for _, e := range err.(ErrorList) {
				if e.Message == "" || e.Code == "" || e.Fix == "" || !e.Pos.IsValid() || e.Pos.Offset > len(b) {
					t.Fatalf("%#v", e)
				}
			}
			return
		}
		out, err := json.Marshal(rs)
		if err != nil {
			t.Fatalf("%s reads and does not marshal: %v", b, err)
		}
		again, err := ReadJSON(out)
		if err != nil {
			t.Fatalf("%s does not read: %v", out, err)
		}
		if diff := cmp.Diff(rs, again, sameRuleset); diff != "" {
			t.Fatal(diff)
		}
	})
}
