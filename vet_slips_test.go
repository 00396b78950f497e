package accountscore

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/dsl"
)

// TestVetSlips states which slips are found in rulesets that have just one
// fault, with what to write instead, and what is no slip.
func TestVetSlips(t *testing.T) {
	for _, c := range []struct {
		rules string
		want  string // code, rule and fix of the one finding; empty: none
	}{
		// A difference where an interval is meant.
		{"n = 100-1000 → +1", "subtracts points.1 write `n in 100-1000`"},
		{"n equals 100 - 1000 → +1", "subtracts points.1 write `n in 100-1000`"},
		{"n is 100–1000 → +1", "subtracts points.1 write `n in 100-1000`"},
		{"n != 100-1000 → +1", "subtracts points.1 write `n not in 100-1000`"},
		{"n > 10M-50M → +1", "subtracts points.1 write `n in 10M-50M`"},
		{"n = 10-20M → +1", "subtracts points.1 write `n in 10M-20M`"},
		{"n = 500-2k → +1", "subtracts points.1 write `n in 500-2k`"},
		{"n = 5-10% → +1", ""}, // falls
		{"n = 0.5-60% → +1", "subtracts points.1 write `n in 0.5-60%`"},
		{"field n number\n100-1000 = n → +1", "subtracts points.1 write `n in 100-1000`"},
		{"k > 1 and n = 1-9 → +1", "subtracts points.1 write `n in 1-9`"},
		{"count(visit, 30d) = 3-5 → +1", "subtracts points.1 write `the field in 3-5`"},
		{"each visit where n = 3-5 → +1 max 5", "subtracts points.1 write `n in 3-5`"},
		{"n > 5 → +1\ndisqualify when n = 100-1000", "subtracts disqualify 1 write `n in 100-1000`"},
		{"n > 5 → +1\ntiers x {\na when n = 100-1000\n}", "subtracts x tier a write `n in 100-1000`"},
		{"n in 100-1000 → +1", ""},
		{"n = 1000-100 → +1", ""},
		{"n = k-1000 → +1", ""},
		{"n - 1000 > 100 → +1", ""},
		{"n > 100 - 1000 * k → +1", ""},

		// Items of a list.
		{"country in [US/UK, DE] → +1", "list-item points.1 write `[US, UK]`; if it is one text put quotes around it"},
		{"tags has any [US/UK] → +1", "list-item points.1 write `[US, UK]`; if it is one text put quotes around it"},
		{`country in ["US/UK", N/A, and/or] → +1`, ""},
		{"field c text one of [US/UK, DE]\nc in [US/UK] → +1", ""},
		{"field n number\nn in [1,500] → +1", "thousands points.1 write 1500 if that is meant, else a space after the comma"},
		{"field n number\nn in [1, 500] → +1", ""},
		{"field n number\nn in [100,200] → +1", ""},
		{"field n number\nn in [1,500,250] → +1", ""},
		{"field area text\narea in [1,500] → +1", ""},

		// Yes for true, where fields are inferred.
		{"customer = Yes → +1", "yes-no points.1 write `customer` if it is true or false in the data, else \"Yes\" in quotes"},
		{"customer is not yes → +1\nparam yes = a", ""},
		{"customer != Yes → +1", "yes-no points.1 write `not customer` if it is true or false in the data, else \"Yes\" in quotes"},
		{"customer = NO → +1", "yes-no points.1 write `not customer` if it is true or false in the data, else \"NO\" in quotes"},
		{`customer = "Yes" → +1`, ""},
		{"field customer text\ncustomer = Yes → +1", ""},

		// The name of a field in quotes.
		{`"country" = "US" → +1`, "constant points.1 write `country` without quotes: a text in quotes is no field"},
		{`"country" != "US" → +1`, "constant points.1 write `country` without quotes: a text in quotes is no field"},
		{`"country" in [US, UK] → +1`, "constant points.1 write `country` without quotes: a text in quotes is no field"},
		{`'title' contains "VP" → +1`, "constant points.1 write `title` without quotes: a text in quotes is no field"},
		{`"job title" has word "VP" → +1`, "constant points.1 name a field on the left, without quotes"},
		{"\"country\" = US → +1\nparam US = x", "constant points.1 write `country` without quotes: a text in quotes is no field"},
		{`"country" = "US" and n > 5 → +1`, "constant points.1 write `country` without quotes: a text in quotes is no field"},
		{`each visit where "page" contains "x" → +1 max 5`, "constant points.1 write `page` without quotes: a text in quotes is no field"},
		{`"US" = "country" → +1`, "constant points.1 write `US` without quotes: a text in quotes is no field"},
		{"field country text\n\"US\" = country → +1", ""},
		{"field tech list\n\"EHR\" in tech → +1", ""},
		{`country = "US" → +1`, ""},
		{`country ?? "US" = "US" → +1`, ""},

		// A label where a comparison is meant.
		{"country: US → +1", "label points.country write `country = US`; if `US` is a field, declare the fields, as in `field US bool`"},
		{"plan: pro → +1\nplan = \"free\" → +3", "label points.plan write `plan = pro`; if `pro` is a field, declare the fields, as in `field pro bool`"},
		{"remote: is_remote → +1", ""},
		{"country: US and n > 5 → +1", ""},
		{"field US bool\ncountry: US → +1", ""},
		{"size: n > 5 → +1", ""},

		// The mark of a list.
		{"- n > 5 → +1", "list-dash points.1 leave the dash out: rules stand in lines without marks; to negate a number let the minus touch it"},
		{"– n > 5 and k > 5 → +1", "list-dash points.1 leave the dash out: rules stand in lines without marks; to negate a number let the minus touch it"},
		{"- n → 0..5 over 1-10", "list-dash points.1 leave the dash out: rules stand in lines without marks; to negate a number let the minus touch it"},
		{"-n > 5 → +1", "list-dash points.1 leave the dash out: rules stand in lines without marks; to negate a number let the minus touch it"},
		{"-n > 5 and k > 5 → +1", "list-dash points.1 leave the dash out: rules stand in lines without marks; to negate a number let the minus touch it"},
		{"-n > -5 → +1", ""},
		{"-n < 5 → +1", ""},
		{"-n + k > 5 → +1", ""},
		{"5 - n > 5 → +1", ""},
		{"change: - n > 5 → +1", ""},

		// A point between thousands.
		{"n > 5.000 → +1", "thousands points.1 write 5000 if that is meant, else 5"},
		{"n in 1.500-20.000 → +1", "thousands points.1 write 1500 if that is meant, else 1.5 / thousands points.1 write 20000 if that is meant, else 20"},
		{"n > $12.340 → +1", "thousands points.1 write 12340 if that is meant, else 12.34"},
		{"field n number\nlet m = n * 1.000\nm > 5 → +1", "thousands let m write 1000 if that is meant, else 1"},
		{"n > 5.00 → +1", ""},
		{"n > 5.125 → +1", ""},
		{"n > 0.500 → +1", ""},
		{"n > 1000.000 → +1", ""},
		{"n > 5.000k → +1", ""},
		{"n > 5,000 → +1", ""},

		// A division by zero.
		{"n / 0 > 5 → +1", "no-answer points.1 divide by another number"},
		{"n % 0.0 = 1 or k > 5 → +1", "no-answer points.1 divide by another number"},
		{"n ?? k / 0 > 5 → +1", "no-answer points.1 divide by another number"},
		{"field n number\nlet m = n / 0%\nm > 5 → +1", "no-answer let m divide by another number"},
		{"0 / n > 5 → +1", ""},
		{"n / 10 > 5 → +1", ""},
	} {
		var got []string
		for _, f := range compile(t, c.rules).Vet(testMoment) {
			assert.Equal(t, Warning, f.Severity, c.rules)
			assert.True(t, f.Pos.IsValid(), c.rules)
			got = append(got, string(f.Code)+" "+f.Rule+" "+f.Fix)
		}
		assert.Equal(t, c.want, strings.Join(got, " / "), c.rules)
	}
}

// TestVetSlipMessages states what a slip says, and where.
func TestVetSlipMessages(t *testing.T) {
	for _, c := range []struct{ rules, want string }{
		{"k > 1 → +1\n\nn = 100-1000 → +1", "3:1: the dash in `100-1000` subtracts: `n` is compared with -900 [subtracts]"},
		{"k > 1 → +1\nhome:  \"country\" = \"US\" → +1", "2:8: `\"country\"` before `==` is a text: two constants are compared [constant]"},
		{"country: US → +1", "1:10: `country:` is a label here, and `US` a field that is true or false [label]"},
		{"  - n > 5 → +1", "1:3: the dash before the rule is a minus: it negates the value after it [list-dash]"},
		{"n > 5.000 → +1", "1:1: `5.000` is 5: a point begins the decimals [thousands]"},
		{"n / 0 > 5 → +1", "1:1: `/ 0` divides by zero, which is unknown for every account [no-answer]"},
	} {
		findings := compile(t, c.rules).Vet(testMoment)
		if assert.Len(t, findings, 1, c.rules) {
			assert.Equal(t, c.want, findings[0].String())
		}
	}
}

// TestVetSlipsElsewhere vets slips in rulesets without text, and leaves the
// conditions of other languages alone.
func TestVetSlipsElsewhere(t *testing.T) {
	rs, err := Parse("test.rules", []byte("n = 100-1000 → +1"))
	require.NoError(t, err)
	b, err := json.Marshal(rs)
	require.NoError(t, err)
	var without Ruleset
	require.NoError(t, json.Unmarshal(b, &without))
	assert.Equal(t, []string{"subtracts points.1"}, found(MustCompile(&without), testMoment))

	m := compile(t, "language expr\nfield n number\n\"n == 100-1000\" → +1\nrules \"n = 1-9\" → +1", WithLanguage(dsl.Expr()))
	assert.Equal(t, []string{"slow points.1", "subtracts points.2"}, found(m, testMoment))
}
