package dsl

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// typed is what people really type. It works as it is meant, and then means
// the canonical text beside it; or it has one fault, with a code and a word of
// the fix.
var typed = []struct {
	src  string
	same string // a text that means the same, where it works
	code Code
	fix  string
}{
	// Comparisons of other languages.
	{src: "employees => 1000 → +50", code: CodeSyntax, fix: "write >="},
	{src: "employees =< 1000 → +50", code: CodeSyntax, fix: "write <="},
	{src: "employees <> 5 → +1", code: CodeSyntax, fix: "write !="},
	{src: "employees === 5 → +1", code: CodeSyntax, fix: "write ="},
	{src: "employees !== 5 → +1", code: CodeSyntax, fix: "write !="},
	{src: "country ~= 'x' → +1", code: CodeSyntax, fix: "matches"},
	{src: "country =~ /us/ → +1", code: CodeSyntax, fix: "matches"},
	{src: "country matches /us/ → +1", code: CodeNotAllowed, fix: `matches "^VP "`},
	{src: "employees > = 5 → +1", code: CodeSyntax, fix: "write >="},
	{src: "employees < = 5 → +1", code: CodeSyntax, fix: "write <="},
	{src: "employees = = 5 → +1", code: CodeSyntax, fix: "write ="},
	{src: "employees = > 5 → +1", code: CodeSyntax, fix: "write >="},
	{src: "employees < > 5 → +1", code: CodeSyntax, fix: "write !="},
	{src: "employees ! = 5 → +1", code: CodeSyntax, fix: "write !="},
	{src: "employees == 5 → +1", same: "employees = 5 → +1"},
	{src: "employees ≥ 100 → +1", same: "employees >= 100 → +1"},
	{src: "employees ≤ 100 → +1", same: "employees <= 100 → +1"},
	{src: "country ≠ US → +1", same: "country != US → +1"},
	{src: "employees is greater than 5 → +1", code: CodeSyntax, fix: "write >"},
	{src: "employees is more than 5 → +1", code: CodeSyntax, fix: "at least"},
	{src: "employees less than 5 → +1", code: CodeSyntax, fix: "at most"},
	{src: "employees is at least 5 → +1", same: "employees >= 5 → +1"},
	{src: "country equals to \"US\" → +1", code: CodeSyntax, fix: "equals alone"},
	{src: "country is equal to US → +1", code: CodeSyntax, fix: "equals"},
	{src: "employees exceeds 5 → +1", code: CodeSyntax, fix: "write >"},

	// Words of logic.
	{src: "employees > 5 AND country = US → +1", same: "employees > 5 and country = US → +1"},
	{src: "employees > 5 && country = US → +1", same: "employees > 5 and country = US → +1"},
	{src: "employees > 5 Or NOT country = US → +1", same: "employees > 5 or not country = US → +1"},
	{src: "AND(employees > 5, customer) → +1", code: CodeSyntax, fix: "a and b"},
	{src: "employees > 5, country = US → +1", code: CodeSyntax, fix: "join conditions by and"},
	{src: "employees > 5 & customer → +1", code: CodeSyntax, fix: "write and"},
	{src: "employees > 5 plus customer → +1", code: CodeSyntax, fix: "write +"},
	{src: "employees > 5 but not customer → +1", code: CodeSyntax, fix: "write and"},
	{src: "country = US or UK → +1", code: CodeType, fix: "country in [US, UK]"},
	{src: "country is US or UK or DE → +1", code: CodeType, fix: "country in [US, UK, DE]"},
	{src: `country = "US" or "UK" → +1`, code: CodeType, fix: `country in ["US", "UK"]`},
	{src: "country != US and UK → +1", code: CodeType, fix: "country not in [US, UK]"},
	{src: `tags contains "a" or "b" → +1`, code: CodeType, fix: `tags contains "a" or tags contains "b"`},

	// Missing data.
	{src: "country = null → +1", code: CodeNotAllowed, fix: "is missing"},
	{src: "country == nil → +1", code: CodeNotAllowed, fix: "is missing"},
	{src: "country != NULL → +1", code: CodeNotAllowed, fix: "is not missing"},
	{src: "country is null → +1", code: CodeNotAllowed, fix: "write is missing"},
	{src: "country is nil → +1", code: CodeNotAllowed, fix: "write is missing"},
	{src: "country IS NOT NULL → +1", code: CodeNotAllowed, fix: "write is not missing"},
	{src: "country not null → +1", code: CodeSyntax, fix: "is known"},
	{src: "country not empty → +1", code: CodeSyntax, fix: "is not empty"},
	{src: "country is blank → +1", code: CodeParam, fix: "is empty"},
	{src: "country is set → +1", code: CodeParam, fix: "is known"},
	{src: "country exists → +1", code: CodeSyntax, fix: "is known"},
	{src: "isnull(country) → +1", code: CodeFunction, fix: "is missing"},
	{src: "exists(country) → +1", code: CodeFunction, fix: "is known"},
	{src: `coalesce(country, "US") = "US" → +1`, code: CodeFunction, fix: "??"},

	// Texts and their quotes.
	{src: "country = “US” → +1", same: `country = "US" → +1`},
	{src: "country = ‘US’ → +1", same: `country = "US" → +1`},
	{src: "country = „US“ → +1", same: `country = "US" → +1`},
	{src: "country = 'US' → +1", same: `country = "US" → +1`},
	{src: "country = US → +1", same: `country = "US" → +1`},
	{src: "country = us → +1", code: CodeParam, fix: `write "us"`},
	{src: "country = \"US → +1", code: CodeToken, fix: "closing quote"},
	{src: "plan = Enterprise Plus → +1", code: CodeSyntax, fix: "quotes"},
	{src: "plan = enterprise tier → +1", code: CodeSyntax, fix: "quotes"},
	{src: "customer = yes → +1", code: CodeParam, fix: "write true"},
	{src: "customer = No → +1", code: CodeType, fix: "true"},
	{src: "customer = TRUE → +1", same: "customer = true → +1"},
	{src: "name like 'Acme%' → +1", code: CodeSyntax, fix: "starts with"},
	{src: "name LIKE '%x%' → +1", code: CodeSyntax, fix: "contains"},
	{src: "name not like 'x' → +1", code: CodeSyntax, fix: "does not contain"},
	{src: "name doesn't contain 'x' → +1", code: CodeSyntax, fix: "does not contain"},
	{src: "country isn’t US → +1", code: CodeSyntax, fix: "is not"},
	{src: "name includes 'x' → +1", code: CodeSyntax, fix: "contains"},
	{src: "name startsWith 'x' → +1", same: `name starts with "x" → +1`},
	{src: `startsWith(name, "x") → +1`, code: CodeFunction, fix: "starts with"},
	{src: `lower(name) = "x" → +1`, code: CodeFunction, fix: "ignoring case"},
	{src: `name.lower() = "x" → +1`, code: CodeNotAllowed, fix: "field"},
	{src: `!name contains "x" → +1`, code: CodeType, fix: "write `not name contains"},
	{src: `name !contains "x" → +1`, code: CodeSyntax, fix: "not contains"},
	{src: `name ! starts with "x" → +1`, code: CodeSyntax, fix: "not starts"},
	{src: "country !in [US] → +1", code: CodeSyntax, fix: "not in"},
	{src: "country notin [US] → +1", code: CodeSyntax, fix: "not in"},

	// Lists.
	{src: "country IN ('US', 'UK') → +1", code: CodeSyntax, fix: "in ['US', 'UK']"},
	{src: "country in (\"US\") → +1", code: CodeType, fix: `["US"]`},
	{src: "country in {US, UK} → +1", code: CodeSyntax, fix: "in [US, UK]"},
	{src: "country in US → +1", code: CodeType, fix: "[US]"},
	{src: "country in US, UK → +1", code: CodeSyntax, fix: "in [US, UK]"},
	{src: "country = US, UK → +1", code: CodeSyntax, fix: "in [US, UK]"},
	{src: "country is one of US, UK → +1", code: CodeSyntax, fix: "in [US, UK]"},
	{src: `country in "US, UK" → +1`, code: CodeSyntax, fix: "in [...]"},
	{src: "country IN ['US', 'UK'] → +1", same: `country in ["US", "UK"] → +1`},
	{src: "country in [US, UK,] → +1", same: "country in [US, UK] → +1"},
	{src: "country is not in [US] → +1", same: "country not in [US] → +1"},
	{src: "tags contains any of [a, b] → +1", code: CodeSyntax, fix: "has any"},
	{src: "tags contains all of [a, b] → +1", code: CodeSyntax, fix: "has all"},
	{src: "tags contains [a, b] → +1", code: CodeSyntax, fix: "has any"},
	{src: `tags contains "a", "b" → +1`, code: CodeSyntax, fix: "list"},
	{src: "tags has any of [a, b] → +1", same: "tags has any [a, b] → +1"},
	{src: "max(employees, 5,) > 9 → +1", same: "max(employees, 5) > 9 → +1"},

	// Numbers.
	{src: "employees > 10,000 → +1", same: "employees > 10000 → +1"},
	{src: "employees > 10 000 → +1", code: CodeSyntax, fix: "1,000"},
	{src: "employees > 1.000.000 → +1", code: CodeSyntax, fix: "1,000,000"},
	{src: "revenue > 10 M → +1", code: CodeSyntax, fix: "write 10M"},
	{src: "revenue > 10 mio → +1", code: CodeSyntax, fix: "write 10M"},
	{src: "revenue > 10 bn → +1", code: CodeSyntax, fix: "write 10B"},
	{src: "revenue > 10MM → +1", code: CodeToken, fix: "10M"},
	{src: "revenue > 10m → +1", code: CodeToken, fix: "10M"},
	{src: "revenue > 10M USD → +1", code: CodeSyntax, fix: "write 10M"},
	{src: "revenue > €10M → +1", code: CodeToken, fix: "$"},
	{src: "revenue > $10M → +1", same: "revenue > 10M → +1"},
	{src: `revenue > "10M" → +1`, code: CodeType, fix: "10M"},
	{src: `employees = "5" → +1`, code: CodeType, fix: "without quotes"},
	{src: "margin > 50 percent → +1", code: CodeSyntax, fix: "write 50%"},
	{src: "employees > five → +1", code: CodeParam, fix: "param"},

	// Intervals.
	{src: "employees between 5 to 10 → +1", code: CodeSyntax, fix: "between 5 and 10"},
	{src: "employees between 5-10 → +1", code: CodeSyntax, fix: "between 10M and 50M"},
	{src: "employees between 5..10 → +1", code: CodeNotAllowed, fix: "between 1 and 5"},
	{src: "employees between (5, 10) → +1", code: CodeSyntax, fix: "between 5 and 10"},
	{src: "employees between [5, 10] → +1", code: CodeSyntax, fix: "between 5 and 10"},
	{src: "employees between 5, 10 → +1", code: CodeSyntax, fix: "and"},
	{src: "employees from 5 to 10 → +1", code: CodeSyntax, fix: "between 5 and 10"},
	{src: "employees in 5 to 10 → +1", code: CodeSyntax, fix: "in 5-10"},
	{src: "employees in 5 — 10 → +1", code: CodeToken, fix: "-"},
	{src: "employees in 5.. → +1", code: CodeSyntax, fix: "1000+"},
	{src: "employees in ..5 → +1", code: CodeSyntax, fix: "<="},
	{src: "employees in [5..10] → +1", code: CodeSyntax, fix: "in 5..10"},
	{src: "employees in 5–10 → +1", same: "employees in 5-10 → +1"},
	{src: "employees in 1000 + → +1", same: "employees >= 1000 → +1"},
	{src: "employees: 1000+ → +1", code: CodeSyntax, fix: ">= 1000"},
	{src: "employees: 1000+", code: CodeSyntax, fix: ">= 1000"},
	{src: "employees: >= 1000 → +1", code: CodeSyntax, fix: "colon"},
	{src: "employees 1000+ → +1", code: CodeSyntax, fix: ">="},
	{src: "employees >= 1000+ → +1", code: CodeSyntax, fix: ">= 1000"},

	// Times.
	{src: "last_seen within 6 months → +1", code: CodeToken, fix: "180d"},
	{src: "last_seen within last 30 days → +1", code: CodeSyntax, fix: "within 30 days"},
	{src: "last_seen within 30 → +1", code: CodeSyntax, fix: "30d"},
	{src: "last_seen in last 30 days → +1", code: CodeSyntax, fix: "within 30 days"},
	{src: "last_seen in the past 30 days → +1", code: CodeSyntax, fix: "within 30 days"},
	{src: "last_seen < 30 days ago → +1", code: CodeSyntax, fix: "within 30 days"},
	{src: "last_seen > 30d → +1", code: CodeType, fix: "days_since"},
	{src: "last_seen after 2026-01-01 → +1", code: CodeSyntax, fix: "write >"},
	{src: "last_seen before 2026-01-01 → +1", code: CodeSyntax, fix: "write <"},
	{src: "last_seen > 31/12/2026 → +1", code: CodeToken, fix: "2026-12-31"},
	{src: "last_seen > 2026/12/31 → +1", code: CodeToken, fix: "2026-12-31"},
	{src: "last_seen > 31.12.2026 → +1", code: CodeSyntax, fix: "2026-12-31"},
	{src: `last_seen > "2026-12-31" → +1`, code: CodeType, fix: "2026-"},
	{src: "last_seen = today → +1", code: CodeParam, fix: "days_since"},
	{src: "now() > last_seen → +1", code: CodeNotAllowed, fix: "days_since"},

	// Arrows and points.
	{src: "employees > 5 -> +1", same: "employees > 5 → +1"},
	{src: "employees > 5 => +1", same: "employees > 5 → +1"},
	{src: "employees > 5 ➔ +1", same: "employees > 5 → +1"},
	{src: "employees > 5 ⇒ +1", same: "employees > 5 → +1"},
	{src: "employees > 5 ⟶ +1", same: "employees > 5 → +1"},
	{src: "employees > 5 ⮕ +1", same: "employees > 5 → +1"},
	{src: "employees > 5 ➡\ufe0f +1", same: "employees > 5 → +1"},
	{src: "employees > 5 –> +1", same: "employees > 5 → +1"},
	{src: "employees > 5 —> +1", same: "employees > 5 → +1"},
	{src: "employees > 5 −> +1", same: "employees > 5 → +1"},
	{src: "employees > 5 --> +1", code: CodeSyntax, fix: "write →"},
	{src: "employees > 5 ==> +1", code: CodeSyntax, fix: "write →"},
	{src: "employees > 5 ~> +1", code: CodeSyntax, fix: "write →"},
	{src: "employees > 5 - > +1", code: CodeSyntax, fix: "write →"},
	{src: "employees > 5 — +1", code: CodeToken, fix: "write →"},
	{src: "employees > 5 +1", code: CodeSyntax, fix: "→"},
	{src: "employees > 5", code: CodeSyntax, fix: "→"},
	{src: "employees > 5: +1", code: CodeSyntax, fix: "→ +"},
	{src: "employees > 5 50", code: CodeSyntax, fix: "→ +10"},
	{src: "employees > 5 → 50 points", code: CodeSyntax, fix: "→ +50"},
	{src: "employees > 5 → 50 pts", code: CodeSyntax, fix: "→ +50"},
	{src: "employees > 5 → +50,", code: CodeSyntax, fix: "comma"},
	{src: "employees > 5 → +50;", same: "employees > 5 → +50"},
	{src: "employees > 5 → + 50", same: "employees > 5 → +50"},
	{src: "employees > 5 → −50", same: "employees > 5 → -50"},
	{src: "employees > 5 → 50%", code: CodeValue, fix: "points"},
	{src: "employees > 5 → plus 50", code: CodeSyntax, fix: "+50"},
	{src: "employees > 5 → +50 if customer", code: CodeSyntax, fix: "before the arrow"},
	{src: "employees > 5 → +50 and customer → +5", code: CodeSyntax, fix: "line of its own"},
	{src: "if employees > 5 then 50", code: CodeSyntax, fix: "condition → +10"},
	{src: "IF employees > 5 THEN +50 ELSE 0", code: CodeSyntax, fix: "condition → +10"},
	{src: "employees > 5 then +50", code: CodeSyntax, fix: "→"},
	{src: "when employees > 5 → +50", code: CodeSyntax, fix: "condition → +10"},
	{src: "50 points if employees > 5", code: CodeSyntax, fix: "condition first"},
	{src: "* employees > 5 → +50", code: CodeSyntax, fix: "bullet"},
	{src: "• employees > 5 → +50", code: CodeToken, fix: "bullet"},
	{src: "customer? → +50", code: CodeSyntax, fix: "question mark"},

	// Spaces and wide characters.
	{src: "employees\t>\t5\t→\t+50", same: "employees > 5 → +50"},
	{src: "employees\u00a0>\u00a05\u00a0→\u00a0+50", same: "employees > 5 → +50"},
	{src: "employees\u2009>\u20095 → +50", same: "employees > 5 → +50"},
	{src: "employees\u200b > 5 → +50", code: CodeToken, fix: "delete it"},
	{src: "size： employees > 5 → +50", code: CodeToken, fix: "plain :"},
	{src: "employees ＞ 5 → +50", code: CodeToken, fix: "plain >"},
	{src: "max（employees, 5） > 5 → +50", code: CodeToken, fix: "plain ("},

	// Names.
	{src: "Employees > 5 → +1", code: CodeName, fix: "`employees`"},
	{src: "company size > 5 → +1", code: CodeSyntax, fix: "write company_size"},
	{src: "company.size > 5 → +1", code: CodeNotAllowed, fix: "company_size"},
	{src: "{{employees}} > 5 → +1", code: CodeNotAllowed, fix: "field"},

	// Tables.
	{src: "employees → { 1-49: 0, 50+: 5, }", same: "employees → { 1-49: 0, 50+: 5 }"},
	{src: "employees → { 1–49: 0; 50+: 5 }", same: "employees → { 1-49: 0, 50+: 5 }"},
	{src: "employees → { <50: 0, >=50: 5 }", code: CodeSyntax, fix: "1000+"},
	{src: "employees → { 1 to 49: 0, 50+: 5 }", code: CodeSyntax, fix: "key: value"},
	{src: "employees → { 1-49 → 0 }", code: CodeSyntax, fix: "key: value"},
	{src: "employees → { null: 0 }", code: CodeSyntax, fix: "missing"},
}

const typedFields = `field employees number
field revenue number
field margin number
field country text
field plan text
field name text
field tags list
field customer bool
field last_seen time
`

// TestTyped holds each of them to one fault with its own fix, or to its
// meaning.
func TestTyped(t *testing.T) {
	for _, tt := range typed {
		t.Run(clipText(tt.src, 60), func(t *testing.T) {
			rs, errs := Parse("x.rules", []byte(typedFields+tt.src))
			if len(errs) == 0 {
				_, errs = Check(rs, Bindings{Final: true})
			}
			if tt.same != "" {
				require.Empty(t, errs, "%s", errs)
				want, wantErrs := Parse("x.rules", []byte(typedFields+tt.same))
				require.Empty(t, wantErrs)
				assert.Equal(t, meaning(want), meaning(rs))
				return
			}
			require.Len(t, errs, 1, "%s", errs)
			assert.Equal(t, tt.code, errs[0].Code, errs[0].Error())
			assert.Contains(t, errs[0].Fix, tt.fix, errs[0].Error())
		})
	}
}

// meaning is a ruleset's canonical text with the texts that need no quotes in
// quotes.
func meaning(rs *Ruleset) string {
	return strings.NewReplacer(`"US"`, "US", "10,000", "10000", "$", "", "employees in 1000+", "employees >= 1000").Replace(string(rs.Format()))
}

// Inferred fields have the same fixes where a word would become a field.
func TestTypedInferred(t *testing.T) {
	for src, fix := range map[string]string{
		"country = US or UK → +1":                "country in [US, UK]",
		"country = US or UK or DE → +1":          "country in [US, UK, DE]",
		"plan = Pro or plan = Free or Gold → +1": "plan in [Free, Gold]",
	} {
		rs, errs := Parse("x.rules", []byte(src))
		require.Empty(t, errs, src)
		_, errs = Check(rs, Bindings{Final: true})
		require.Len(t, errs, 1, src)
		assert.Contains(t, errs[0].Fix, fix)
	}
	rs, errs := Parse("x.rules", []byte("country = US or customer or vip = true or is_partner → +1"))
	require.Empty(t, errs)
	_, errs = Check(rs, Bindings{Final: true})
	require.Empty(t, errs)
}
