package dsltest

// Conditions are a few conditions over [Schema], as a language writes them.
// Those that are left empty are the common ones, see [Common]; "-" says that
// the language has no such thing, and shows as a skipped test. AtLeast, Equals,
// And, Or and Not no language can do without.
//
// Names of fields stand as they are in the schema.
type Conditions struct {
	AtLeast  string // the number employees is at least 1000
	Equals   string // the text country is US
	NotEqual string // the text country is known and not US
	OneOf    string // the text country is US or CA, in a list
	Flag     string // the bool customer is true
	NotFlag  string // not Flag
	Item     string // the list tech_stack has the item EHR
	Recent   string // the time last_seen is within the 30 days before the moment, its ends included
	Param    string // the number employees is at least the param threshold
	InParam  string // the text country is one of the param regions
	Quoted   string // the text country is He said "hi\" – über

	And    string // AtLeast and Equals
	Or     string // AtLeast or Equals
	Not    string // not AtLeast
	AllOf  string // AtLeast and Equals and Flag
	Nested string // AtLeast and (Equals or Flag)

	DivideByZero string // 100 divided by the number employees is above 1, as fractions
	Undeclared   string // reads a name that the schema does not have
	WrongType    string // compares the number employees with a text
	NoCondition  string // gives a number: employees plus one
	Broken       string // is no text of the language at all
}

// Common are the conditions as most languages write them.
var Common = Conditions{
	AtLeast:  `employees >= 1000`,
	Equals:   `country == "US"`,
	NotEqual: `country != "US"`,
	OneOf:    `country in ["US", "CA"]`,
	Flag:     `customer`,
	NotFlag:  `!customer`,
	Item:     `"EHR" in tech_stack`,
	Recent:   none,
	Param:    `employees >= threshold`,
	InParam:  `country in regions`,
	Quoted:   `country == "He said \"hi\\\" – über"`,

	And:    `employees >= 1000 && country == "US"`,
	Or:     `employees >= 1000 || country == "US"`,
	Not:    `!(employees >= 1000)`,
	AllOf:  `employees >= 1000 && country == "US" && customer`,
	Nested: `employees >= 1000 && (country == "US" || customer)`,

	DivideByZero: `100.0 / employees > 1.0`,
	Undeclared:   `no_such_field >= 1000`,
	WrongType:    `employees >= "many"`,
	NoCondition:  `employees + 1`,
	Broken:       `employees >= )`,
}

// none is written for what a language does not have.
const none = "-"

// condition is one of the Conditions with what the cases know about it.
type condition struct {
	name  string
	src   *string
	says  string
	reads []string // the fields of one that must compile; nil for one that must not
	must  bool     // no language can do without
}

// list gives all conditions, those that must compile first.
func (c *Conditions) list() []condition {
	return []condition{
		{name: "AtLeast", src: &c.AtLeast, says: "a number is at least a constant", reads: []string{"employees"}, must: true},
		{name: "Equals", src: &c.Equals, says: "a text is a constant", reads: []string{"country"}, must: true},
		{name: "NotEqual", src: &c.NotEqual, says: "a text is not a constant", reads: []string{"country"}},
		{name: "OneOf", src: &c.OneOf, says: "a text is one of a list", reads: []string{"country"}},
		{name: "Flag", src: &c.Flag, says: "a bool is true", reads: []string{"customer"}},
		{name: "NotFlag", src: &c.NotFlag, says: "a bool is not true", reads: []string{"customer"}},
		{name: "Item", src: &c.Item, says: "a list has an item", reads: []string{"tech_stack"}},
		{name: "Recent", src: &c.Recent, says: "a time is within a number of days", reads: []string{"last_seen"}},
		{name: "Param", src: &c.Param, says: "a number is at least a param", reads: []string{"employees"}},
		{name: "InParam", src: &c.InParam, says: "a text is one of a param's list", reads: []string{"country"}},
		{name: "Quoted", src: &c.Quoted, says: "a text with quotes and a backslash is a constant", reads: []string{"country"}},
		{name: "And", src: &c.And, says: "two tests are both true", reads: []string{"country", "employees"}, must: true},
		{name: "Or", src: &c.Or, says: "one of two tests is true", reads: []string{"country", "employees"}, must: true},
		{name: "Not", src: &c.Not, says: "a test is not true", reads: []string{"employees"}, must: true},
		{name: "AllOf", src: &c.AllOf, says: "three tests are all true", reads: []string{"country", "customer", "employees"}},
		{name: "Nested", src: &c.Nested, says: "a test and one of two others are true", reads: []string{"country", "customer", "employees"}},
		{name: "DivideByZero", src: &c.DivideByZero, says: "a division", reads: []string{"employees"}},
		{name: "Undeclared", src: &c.Undeclared, says: "a name that the schema does not have"},
		{name: "WrongType", src: &c.WrongType, says: "a number compared with a text"},
		{name: "NoCondition", src: &c.NoCondition, says: "a number instead of a condition"},
		{name: "Broken", src: &c.Broken, says: "a text that is none of the language"},
	}
}

// withDefaults fills in the common conditions.
func (c Conditions) withDefaults() Conditions {
	common := Common
	usual := common.list()
	for i, own := range c.list() {
		if *own.src == "" {
			*own.src = *usual[i].src
		}
	}
	return c
}

// texts gives the conditions that must compile, in order.
func (c Conditions) texts() []text {
	var has []text
	for _, x := range c.list() {
		if x.reads != nil && *x.src != none {
			has = append(has, text{x.name, *x.src, x.reads})
		}
	}
	return has
}

// text is a condition that must compile, with the fields that it reads.
type text struct {
	name, src string
	reads     []string
}
