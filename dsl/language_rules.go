package dsl

// Rules is the condition language of rulesets as a [Language] of its own, for
// programs that evaluate conditions without a ruleset, and as the model for
// other languages. Activities are no part of a [Schema], so count, any and sum
// of them are errors here.
func Rules() Language { return rulesLanguage{} }

type rulesLanguage struct{}

func (rulesLanguage) Name() string { return RulesLanguage }

func (rulesLanguage) Compile(src string, schema Schema) (Program, error) {
	if err := conditionBounds(src); err != nil {
		return nil, err
	}
	if len(schema.Fields) == 0 {
		// Without a declaration names would be inferred instead of checked.
		schema.Fields = []Field{{Name: "unused_", Type: NumberType}}
	}
	rs := &Ruleset{File: "condition", Params: schema.Params, Fields: schema.Fields,
		Dimensions: []Dimension{{Name: "condition", Items: []Item{{Rule: &Rule{When: Formula{Text: src}, Points: 1}}}}}}
	checked, errs := Check(rs, Bindings{Final: true, names: schema.Scope == TierScope})
	if len(errs) > 0 {
		errs.Sort()
		return nil, errs
	}
	when := &rs.Dimensions[0].Items[0].Rule.When
	return newTreeProgram(checked.Node(when), formatFormula(*when), &schema), nil
}
