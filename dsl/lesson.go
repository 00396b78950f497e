package dsl

import (
	"fmt"
	"slices"
	"strings"
)

// lesson is the rule behind a code, and a ruleset that follows it.
type lesson struct {
	rule    string
	example string
}

// lessons has one for every code.
var lessons = map[Code]lesson{
	CodeLimit: {
		rule: fmt.Sprintf("The language is bounded, so that no text can exhaust a server: a ruleset has at most %d MiB and %d rules, a condition\n"+
			"%d bytes and %d parts, nested %d deep. A long condition is taken apart with let; many values stand in one list.",
			MaxSource>>20, MaxRules, MaxFormula, MaxNodes, MaxNesting),
		example: `field revenue   number
field employees number
let per_head = revenue / employees

per_head > 100k → +10`,
	},
	CodeEncoding: {
		rule:    "A ruleset is UTF-8 text. An editor's \"Save with encoding: UTF-8\" writes it so.",
		example: `industry = "Santé" → +10`,
	},
	CodeToken: {
		rule: "Numbers, lengths of time, dates and texts have one spelling each: 10M, 60%, 30d, 2026-10-01, \"text\". Months and years\n" +
			"have no fixed length, so days are written. A dot begins decimals; a comma may group digits.",
		example: `revenue > 10M → +10
last_funding within 180d → +20
industry = "Media, print" → +5`,
	},
	CodeSyntax: {
		rule:    "A rule is a condition, an arrow and points, on a line of its own. A condition compares a field with a value.",
		example: "employees >= 1000 and country in [US, UK] → +50",
	},
	CodeName: {
		rule: "As soon as one field is declared, every name has to be: a misspelt field would otherwise be one that is always missing.\n" +
			"Rules read fields, params and lets; tiers read the score and the dimensions too. A text stands in quotes.",
		example: `field employees number

employees > 1000 → +50`,
	},
	CodeDuplicate: {
		rule: "A name means one thing. Fields, params and lets share one name space; labels are unique in their dimension, and score,\n" +
			"tier and grade are taken. A setting stands once.",
		example: `field plan text
param best_plan = Enterprise

plan = best_plan → +10`,
	},
	CodeType: {
		rule: "A field has one type, and a value is never turned into another: \"5\" is not 5. Numbers and times have an order; texts\n" +
			"and truths are equal or not. A list is asked with contains, has any, has all and has none.",
		example: `field employees number
field tech      list

employees > 5       → +10
tech contains "EHR" → +10`,
	},
	CodeInference: {
		rule: "A file without field lines infers every type from use. Where use does not tell, or tells two types, the fields are\n" +
			"declared: all of them.",
		example: `field tags list
field plan text

tags contains "EHR" → +10
plan is known       → +5`,
	},
	CodeValue: {
		rule: "A value has to be possible: an interval begins with its lower end, points stay within ±1,000,000 with six decimals,\n" +
			"and a field that lists its values by one of has no other.",
		example: `field stage text one of [none, discovery, proposal]
field employees number

stage = proposal       → +20
employees in 100-1000  → +2.5`,
	},
	CodeParam: {
		rule: "On the right of a comparison a word that begins with a capital is text; any other word that names nothing is a param,\n" +
			"and a param needs a value: a param line, or an option of the program that compiles the ruleset. Quotes make it text.",
		example: `field plan text
param target_plan = Enterprise

plan = target_plan → +10
plan = "free"      → -5`,
	},
	CodeFunction: {
		rule: "The functions are count, any, sum and days_since for activities; min, max, abs, round, floor, ceil and len; and all, any,\n" +
			"none, one, filter, map, count and sum over a list, with a condition on #. A program may add its own.",
		example: `field revenue number
field costs   number
activity visit

count(visit, 30d) >= 3     → +10
max(revenue, costs) > 10M  → +10`,
	},
	CodeNotAllowed: {
		rule: "Conditions are expr-lang without what reads anything but the account, what can exhaust memory, and what has a plainer\n" +
			"form here. A value inside another is a field of its own. Missing data is asked for, never compared.",
		example: `field company_size number from "company.size"

company_size > 100      → +10
company_size is missing → -5`,
	},
	CodeStructure: {
		rule: "A ruleset with dimensions has no rules outside of them. Settings and fields stand before the rules that read them, and\n" +
			"only one dimension is from contacts.",
		example: `field employees number

dimension fit out of 40 {
  employees > 100 → +30
}
tiers {
  top when score >= 30
  low otherwise
}`,
	},
}

// Lesson gives what Error gives, then the rule behind the error's code and an
// example that follows it. It is for someone who meets the language for the
// first time; Short is for a log.
func (e *Error) Lesson() string {
	l, ok := lessons[e.Code]
	if !ok {
		return e.Error()
	}
	var b strings.Builder
	b.WriteString(e.Error())
	b.WriteString("\n\n")
	b.WriteString(l.rule)
	b.WriteString("\n\nFor example:\n")
	for line := range strings.SplitSeq(l.example, "\n") {
		b.WriteString("\n")
		if line != "" {
			b.WriteString("    " + line)
		}
	}
	return b.String()
}

// Codes gives every code that an error may have, in alphabetical order.
func Codes() []Code {
	codes := make([]Code, 0, len(lessons))
	for c := range lessons {
		codes = append(codes, c)
	}
	slices.Sort(codes)
	return codes
}
