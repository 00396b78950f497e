package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/examples"
)

// TestExamplesFitTheSchema holds the JSON of every example ruleset to the
// published schema.
func TestExamplesFitTheSchema(t *testing.T) {
	schema, err := compileSchema(dsl.JSONSchema())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range examples.Names() {
		rs, err := examples.Ruleset(name)
		if err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(rs)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(doc); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestExplanationsFitTheSchema holds the JSON of explanations to their
// published schema: those of every example account, and those of the library's
// own tests, which have every form.
func TestExplanationsFitTheSchema(t *testing.T) {
	schema, err := compileSchema(accountscore.ExplanationSchema())
	if err != nil {
		t.Fatal(err)
	}
	check := func(name string, src []byte) {
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(src))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(doc); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range examples.Names() {
		model, err := examples.Model(name)
		if err != nil {
			t.Fatal(err)
		}
		accounts, err := examples.Accounts(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range accounts {
			b, err := json.Marshal(model.Explain(a, examples.At))
			if err != nil {
				t.Fatal(err)
			}
			check(name+" "+a.ID, b)
		}
	}
	for _, name := range []string{"forms-full", "saas-hostile"} {
		src, err := os.ReadFile("../../testdata/explain/" + name + ".json")
		if err != nil {
			t.Fatal(err)
		}
		check(name, src)
		if strings.Contains(string(src), `"state": "matched"`) {
			wrong := strings.Replace(string(src), `"state": "matched"`, `"state": "sure"`, 1)
			doc, err := jsonschema.UnmarshalJSON(strings.NewReader(wrong))
			if err != nil {
				t.Fatal(err)
			}
			if schema.Validate(doc) == nil {
				t.Errorf("the schema takes a state that there is not")
			}
		}
	}
}

// TestWrongShapes: what the schema refuses, the reader refuses too.
func TestWrongShapes(t *testing.T) {
	for _, src := range []string{
		`[]`, `{"nam":"x"}`, `{"dimensions":[{"items":[]}]}`, `{"dimensions":[{"name":"d","items":[{"rule":{"when":5}}]}]}`,
		`{"fields":[{"name":"a"}]}`, `{"fields":[{"name":"a","type":"integer"}]}`, `{"score":{"round":"two"}}`,
		`{"params":[{"name":"a","value":{"date":"soon"}}]}`, `{"params":[{"name":"a","value":{"day":"2026-01-01"}}]}`,
		`{"dimensions":[{"name":"d","items":[{"group":{"kind":"worst of","rules":[]}}]}]}`, `{"review":{"every":90}}`,
	} {
		schema, err := compileSchema(dsl.JSONSchema())
		if err != nil {
			t.Fatal(err)
		}
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(src))
		if err != nil {
			t.Fatal(err)
		}
		if schema.Validate(doc) == nil {
			t.Errorf("the schema takes %s", src)
		}
		if rs, err := dsl.ReadJSON([]byte(src)); err == nil {
			if _, errs := dsl.Check(rs, dsl.Bindings{Final: true}); len(errs) == 0 {
				t.Errorf("the reader takes %s", src)
			}
		}
	}
}

func TestRun(t *testing.T) {
	var out, errs bytes.Buffer
	if code := run(nil, &out, &errs); code != 0 {
		t.Fatal(code, errs.String())
	}
	dir := t.TempDir()
	good, bad := filepath.Join(dir, "good.json"), filepath.Join(dir, "bad.json")
	for file, src := range map[string]string{good: out.String(), bad: `{"dimensions":[{"name":"fit","items":[{"rule":{"when":"employees >","points":5}}]}]}`} {
		if err := os.WriteFile(file, []byte(src), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	out.Reset()
	if code := run([]string{good, bad}, &out, &errs); code != 1 {
		t.Fatal(code)
	}
	if out.String() != good+": fine\n" || !strings.Contains(errs.String(), "bad.json") {
		t.Errorf("%s\n%s", out.String(), errs.String())
	}
}

// TestAnswers holds reasons, paths, committees, attributions and events of the
// example accounts to their published schema.
func TestAnswers(t *testing.T) {
	schema, err := compileSchema(accountscore.AnswersSchema())
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for _, name := range examples.Names() {
		model, err := examples.Model(name)
		if err != nil {
			t.Fatal(err)
		}
		accounts, err := examples.Accounts(name)
		if err != nil {
			t.Fatal(err)
		}
		for i, a := range accounts {
			x := model.Explain(a, examples.At)
			other := accounts[(i+1)%len(accounts)]
			other.ID = a.ID
			y := model.Explain(other, examples.At.AddDate(0, 0, 40))
			change, err := accountscore.Attribute(x, y)
			if err != nil {
				t.Fatal(err)
			}
			all := map[string]any{"reasons": x.Reasons(-1), "paths": x.Lift(), "committee": x.Committee(), "attribution": change, "events": model.ChangesExplained(x, y)}
			for _, key := range []string{"reasons", "paths", "committee", "attribution", "events"} {
				b, err := json.Marshal(all[key])
				if err != nil {
					t.Fatal(err)
				}
				if string(b) == "null" {
					delete(all, key)
					continue
				}
				seen[key]++
			}
			b, err := json.Marshal(all)
			if err != nil {
				t.Fatal(err)
			}
			doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(doc); err != nil {
				t.Errorf("%s %s: %v", name, a.ID, err)
			}
		}
	}
	for _, key := range []string{"reasons", "paths", "attribution"} {
		if seen[key] == 0 {
			t.Errorf("no account has %s", key)
		}
	}
}
