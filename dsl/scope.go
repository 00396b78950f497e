package dsl

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/accountscore/accountscore/internal/cond"
)

// scopeKind is a kind of place, by the names that can be read there.
type scopeKind uint8

const (
	accountScope  scopeKind = iota // rules, lets, disqualify
	contactScope                   // the block of a dimension from contacts
	activityScope                  // the filter of an activity
	tierScope                      // tiers and ladders
)

// scope is what names mean at one place.
type scope struct {
	kind     scopeKind
	lets     int           // how many of the lets are visible
	activity *activityInfo // of a filter
}

// fieldInfo is a field of accounts, contacts or activities.
type fieldInfo struct {
	Field
	space    cond.Space
	slot     int
	typ      cond.Type       // NoType: not yet inferred, or of a wrong type
	values   map[string]bool // the texts of OneOf, folded where case is ignored
	numbers  *cond.Set       // those of OneOf; nil: any
	inferred bool
	waits    bool  // its type depends on a param or function that is not bound
	failed   bool  // an error about its type was given
	first    place // where it was first read
	firstPos Pos
	why      place // where its type was learnt
	whyPos   Pos
}

// typed gives the field with its type as declared or inferred.
func (f *fieldInfo) typed() Field {
	t := f.Field
	if f.inferred {
		t.Type = typeOf(f.typ)
	}
	return t
}

// allows tells whether a text is one of a field's values, where it lists them.
func (f *fieldInfo) allows(text string) bool {
	if f.IgnoringCase {
		text = cond.Fold(text)
	}
	return f.values[text]
}

type paramInfo struct {
	name   string
	value  Value
	quoted bool // a number of its list stands in quotes, as text
}

type letInfo struct {
	name string
	slot int
	typ  cond.Type
	node *cond.Node
	fold bool
	wait bool // its type depends on what is not bound
}

type activityInfo struct {
	name   string
	index  int
	pos    Pos
	fields []*fieldInfo
	byName map[string]*fieldInfo
}

// decls is every name that a ruleset declares or, where it declares none,
// reads.
type decls struct {
	fields, contactFields      []*fieldInfo
	fieldByName, contactByName map[string]*fieldInfo
	params                     []*paramInfo
	paramByName                map[string]*paramInfo
	lets                       []*letInfo
	letByName                  map[string]*letInfo
	activities                 []*activityInfo
	activityByName             map[string]*activityInfo
	dimensions                 map[string]int
	grades                     map[string]int // by dimension: index of the grading
	rollup                     *Rollup        // of the dimension from contacts
	inferring                  bool           // no field is declared
	inferringActivities        bool
}

func newDecls() *decls {
	return &decls{
		fieldByName: map[string]*fieldInfo{}, contactByName: map[string]*fieldInfo{}, paramByName: map[string]*paramInfo{},
		letByName: map[string]*letInfo{}, activityByName: map[string]*activityInfo{}, dimensions: map[string]int{}, grades: map[string]int{},
	}
}

// rollupMetrics are the names that a dimension from contacts brings.
var rollupMetrics = map[string]int{
	"contacts": MetricContacts, "engaged_contacts": MetricEngaged, "senior_engaged": MetricSenior, "completeness": MetricCompleteness,
}

var rollupNames = []string{"contacts", "engaged_contacts", "senior_engaged", "completeness"}

// reserved tells whether a name belongs to the language itself.
func (d *decls) reserved(name string) bool {
	switch name {
	case "score", "tier", "grade":
		return true
	}
	_, metric := rollupMetrics[name]
	return metric && d.rollup != nil
}

// resultName tells whether a result has a number of its own by the name, which
// a dimension's would hide.
func resultName(name string) bool {
	switch name {
	case "low", "high", "unknown", "invalid":
		return true
	}
	_, metric := rollupMetrics[name]
	return metric
}

// operatorWords could never be read as names in a condition.
var operatorWords = map[string]bool{"and": true, "or": true, "not": true, "in": true, "true": true, "false": true, "null": true, "nil": true}

func capital(word string) bool {
	r, _ := utf8.DecodeRuneInString(word)
	return unicode.IsUpper(r)
}

// symbolKind tells what a name turned out to be.
type symbolKind uint8

const (
	noSymbol symbolKind = iota
	fieldSymbol
	paramSymbol
	letSymbol
	metricSymbol
	gradeSymbol
	valueSymbol
)

// symbol is the meaning of a name.
type symbol struct {
	kind  symbolKind
	field *fieldInfo
	param *paramInfo
	let   *letInfo
	slot  int // of a metric or a grade
}

// lookup finds what a declared name means in a scope; noSymbol where nothing
// of that name can be read there.
func (d *decls) lookup(s scope, name string) symbol {
	if s.kind == activityScope {
		if name == "value" {
			return symbol{kind: valueSymbol}
		}
		if f := s.activity.byName[name]; f != nil {
			return symbol{kind: fieldSymbol, field: f}
		}
		return d.param(name)
	}
	if s.kind == contactScope {
		if f := d.contactByName[name]; f != nil {
			return symbol{kind: fieldSymbol, field: f}
		}
		return d.param(name)
	}
	if s.kind == tierScope {
		if sym := d.scored(name); sym.kind != noSymbol {
			return sym
		}
	}
	if slot, ok := rollupMetrics[name]; ok && d.rollup != nil {
		return symbol{kind: metricSymbol, slot: slot}
	}
	if f := d.fieldByName[name]; f != nil {
		return symbol{kind: fieldSymbol, field: f}
	}
	if l := d.letByName[name]; l != nil && l.slot < s.lets {
		return symbol{kind: letSymbol, let: l}
	}
	return d.param(name)
}

func (d *decls) param(name string) symbol {
	if p := d.paramByName[name]; p != nil {
		return symbol{kind: paramSymbol, param: p}
	}
	return symbol{}
}

// scored finds the names that only tiers may read.
func (d *decls) scored(name string) symbol {
	if name == "score" {
		return symbol{kind: metricSymbol, slot: MetricScore}
	}
	if i, ok := d.dimensions[name]; ok {
		return symbol{kind: metricSymbol, slot: MetricDimension + i}
	}
	if name == "grade" && len(d.grades) > 0 {
		return symbol{kind: gradeSymbol, slot: gradeJoined}
	}
	if dim, ok := strings.CutSuffix(name, ".grade"); ok {
		if i, ok := d.grades[dim]; ok {
			return symbol{kind: gradeSymbol, slot: 1 + i}
		}
	}
	return symbol{}
}

// elsewhere tells why a name that means something cannot be read in a scope;
// empty where it means nothing anywhere.
func (d *decls) elsewhere(s scope, name string) (message, fix string) {
	switch {
	case name == "grade" && len(d.grades) == 0:
		return "`grade` needs a `grades` statement", "add `grades DIMENSION { 75+: A, else: B }`"
	case strings.HasSuffix(name, ".grade"):
		if s.kind != tierScope {
			return fmt.Sprintf("`%s` can be read by tiers alone", name), "move the condition into a tier"
		}
		return fmt.Sprintf("`%s` names no grading", name), "write DIMENSION.grade of a dimension that has a `grades` statement"
	case strings.Contains(name, "."):
		return fmt.Sprintf("`%s` is member access, which the language leaves out", name), "declare a field with from \"…\" and read it by its own name"
	case name == "tier":
		return "`tier` cannot be read in a condition", "use a trigger or a case, or read `score`"
	case name == "score" || name == "grade":
		return fmt.Sprintf("`%s` can be read by tiers alone", name), "move the condition into a tier"
	}
	if s.kind == activityScope {
		if !d.inferring && (d.fieldByName[name] != nil || d.contactByName[name] != nil) || d.letByName[name] != nil {
			return fmt.Sprintf("`%s` cannot be read in the filter of an activity", name),
				fmt.Sprintf("a filter reads `value`, params and the fields of `%s`; declare `activity %s (%s …)` or move the test out of it", s.activity.name, s.activity.name, name)
		}
		return "", ""
	}
	if s.kind == contactScope {
		if _, ok := rollupMetrics[name]; ok {
			return fmt.Sprintf("`%s` cannot be read in the contacts block", name), "it is made of all contacts: read it in a rule outside the block, or in a tier"
		}
		if d.fieldByName[name] != nil && !d.inferring || d.letByName[name] != nil {
			return fmt.Sprintf("`%s` belongs to the account; the contacts block does not see it", name),
				fmt.Sprintf("declare `field %s …` inside the block, or move the rule out of it", name)
		}
		return "", ""
	}
	if l := d.letByName[name]; l != nil {
		return fmt.Sprintf("`%s` is computed further down", name), fmt.Sprintf("move `let %s` above this line", name)
	}
	if d.inferring {
		return "", ""
	}
	if _, ok := d.dimensions[name]; ok {
		return fmt.Sprintf("`%s` is a dimension; only tiers, triggers and cases read it", name), "move the condition into a tier"
	}
	if d.contactByName[name] != nil {
		return fmt.Sprintf("`%s` is a field of contacts", name), "read it inside the contacts block, or declare it for the account too"
	}
	if _, ok := rollupMetrics[name]; ok {
		return fmt.Sprintf("`%s` needs a dimension from contacts", name), "write `dimension NAME from contacts { … }`, or declare a field of this name"
	}
	if d.activityByName[name] != nil {
		return fmt.Sprintf("`%s` is an activity", name), fmt.Sprintf("ask `any(%s, 90d)` or `count(%s, 90d) > 2`", name, name)
	}
	return "", ""
}

// bareword tells whether the name n on the right of a comparison with x is a
// word: text, or a param that wants a value. Fields that are inferred are no
// declared names, so that a word means the same whatever stands elsewhere.
func (d *decls) bareword(s scope, x Node, n *Name) bool {
	sym := d.lookup(s, n.Ident)
	if sym.kind != noSymbol && (sym.kind != fieldSymbol || !sym.field.inferred) {
		return false
	}
	if f := d.fieldOf(s, x); f != nil && f.allows(n.Ident) {
		return true
	}
	if capital(n.Ident) && d.fieldByName[n.Ident] == nil && d.contactByName[n.Ident] == nil && d.letByName[n.Ident] == nil {
		return !isLiteral(x)
	}
	if message, _ := d.elsewhere(s, n.Ident); message != "" {
		return false
	}
	return !isLiteral(x)
}

// isTextWord tells whether a bareword compared with a field is text.
func (d *decls) isTextWord(f *fieldInfo, word string) bool {
	return f != nil && f.allows(word) || capital(word)
}

// fieldOf gives the field that a comparison is about, if it is about one.
func (d *decls) fieldOf(s scope, x Node) *fieldInfo {
	switch x := x.(type) {
	case *Name:
		return d.lookup(s, x.Ident).field
	case *Binary:
		if x.Op == OpElse {
			return d.fieldOf(s, x.X)
		}
	case *Call:
		if x.Func == "filter" && len(x.Args) > 0 {
			return d.fieldOf(s, x.Args[0])
		}
	}
	return nil
}

// isLiteral tells whether a node is a literal, with which only a name can be
// compared.
func isLiteral(n Node) bool {
	switch n := n.(type) {
	case *Number, *Text, *Bool, *DateLit:
		return true
	case *Unary:
		return isLiteral(n.X)
	}
	return false
}

// visible lists the names of a scope, for suggestions.
func (d *decls) visible(s scope) []string {
	var list []string
	switch s.kind {
	case activityScope:
		list = append(fieldNames(s.activity.fields), "value")
	case contactScope:
		list = fieldNames(d.contactFields)
	default:
		list = fieldNames(d.fields)
		for _, l := range d.lets[:min(s.lets, len(d.lets))] {
			list = append(list, l.name)
		}
		if d.rollup != nil {
			list = append(list, rollupNames...)
		}
		if s.kind == tierScope {
			list = append(list, "score")
			list = append(list, sortedKeys(d.dimensions)...)
			if len(d.grades) > 0 {
				list = append(list, "grade")
			}
		}
	}
	return append(list, names(d.params)...)
}

// rightNames lists what a word on the right of a comparison may have been
// meant to be.
func (d *decls) rightNames() []string {
	return slices.Concat(names(d.params), fieldNames(d.fields), fieldNames(d.contactFields))
}

func (d *decls) dimensionNames() []string { return sortedKeys(d.dimensions) }

func names(params []*paramInfo) []string {
	list := make([]string, len(params))
	for i, p := range params {
		list[i] = p.name
	}
	return list
}

func fieldNames(fields []*fieldInfo) []string {
	list := make([]string, len(fields))
	for i, f := range fields {
		list[i] = f.Name
	}
	return list
}

func (d *decls) activityNames() []string {
	list := make([]string, len(d.activities))
	for i, a := range d.activities {
		list[i] = a.name
	}
	return list
}

// sortedKeys gives a map's keys in an order that does not change.
func sortedKeys[V any](m map[string]V) []string {
	list := make([]string, 0, len(m))
	for k := range m {
		list = append(list, k)
	}
	slices.Sort(list)
	return list
}

func condType(t Type) cond.Type {
	switch t {
	case NumberType:
		return cond.Number
	case TextType:
		return cond.Text
	case BoolType:
		return cond.Bool
	case ListType:
		return cond.List
	case TimeType:
		return cond.Time
	}
	return cond.NoType
}

func typeOf(t cond.Type) Type {
	if t == cond.NoType {
		return ""
	}
	return Type(t.String())
}

// valueType is the type of a literal.
func valueType(v Value) cond.Type {
	switch v.Kind {
	case NumberValue:
		return cond.Number
	case TextValue:
		return cond.Text
	case BoolValue:
		return cond.Bool
	case ListValue:
		return cond.List
	case DateValue:
		return cond.Time
	}
	return cond.NoType
}

// aType gives a type with its article, for messages.
func aType(t cond.Type) string {
	switch t {
	case cond.Text:
		return "text"
	case cond.Bool:
		return "true or false"
	case cond.NoType:
		return "unknown"
	}
	return "a " + t.String()
}
