package accountscore

import (
	"cmp"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
)

// tagReader makes a binding of the tags of a struct.
type tagReader struct {
	m    *Model
	errs dsl.ErrorList
}

func (b *tagReader) fail(path string, code dsl.Code, fix, format string, args ...any) {
	b.errs = append(b.errs, &dsl.Error{File: path, Code: code, Message: fmt.Sprintf(format, args...), Fix: fix})
}

func bind[T any](m *Model) (*binding, error) {
	t := reflect.TypeFor[T]()
	b := &tagReader{m: m}
	name := t.String()
	if t.Kind() == reflect.Struct && t.Name() == "" {
		name = "the struct" // its type is all its text
	}
	switch {
	case m == nil:
		b.fail(name, dsl.CodeStructure, "look at the error of Compile first", "there is no model")
		return nil, b.errs
	case t.Kind() != reflect.Struct:
		b.fail(name, dsl.CodeType, "bind the struct itself, as in Bind[Lead]", "a Go %v is no struct", t)
		return nil, b.errs
	}
	out := b.account(t, name)
	if err := b.errs.Err(); err != nil {
		return nil, err
	}
	out.bindQuick()
	return out, nil
}

// structTag is a member of a struct that has a tag.
type structTag struct {
	path     string // of the member, for errors
	typ      reflect.Type
	tag      string // the name as it is written
	name     string // of the ruleset's field; empty: a role
	role     string // what it is without a name; "refreshed" of a name
	omitZero bool
	place    memberPlace // how its struct is reached, and its offset there
}

// key is what two tags must not share.
func (g *structTag) key() string { return g.name + "," + g.role }

// tagGrammar is what the tags of one kind of struct may say: the roles of a tag
// without a name, and those that go with one.
type tagGrammar struct{ alone, named []string }

var (
	accountTags  = tagGrammar{[]string{"id", "prevtier", "contacts", "activities"}, []string{"refreshed"}}
	contactTags  = tagGrammar{[]string{"id", "activities"}, nil}
	activityTags = tagGrammar{[]string{"type", "at", "value"}, nil}
)

// embedding is a struct whose tags are yet to be read.
type embedding struct {
	typ   reflect.Type
	path  string
	place memberPlace
}

// tags collects the tags of a struct and of those embedded in it, level by
// level: as in Go, a tag of an outer struct hides the same tag further in.
func (b *tagReader) tags(t reflect.Type, path string, g tagGrammar) []structTag {
	var tags []structTag
	taken := map[string]string{} // by key, the member that has it
	levels := map[reflect.Type]int{}
	for level, next := 1, []embedding{{typ: t, path: path}}; len(next) > 0; level++ {
		outer := len(tags)
		times := map[reflect.Type]int{}
		now := next
		next = nil
		for _, e := range now {
			// What a struct says further in is hidden by what it said, and what it says
			// twice on one level it need not say a third time.
			if seen := levels[e.typ]; seen > 0 && seen < level || times[e.typ] == 2 {
				continue
			}
			levels[e.typ] = level
			times[e.typ]++
			var found []structTag
			found, next = b.members(e, next, g)
			for _, f := range found {
				if _, hidden := taken[f.key()]; !hidden {
					tags = append(tags, f)
				}
			}
		}
		tags = append(tags[:outer], b.distinct(tags[outer:], taken)...)
	}
	return tags
}

// distinct leaves one of each key of the tags of a level.
func (b *tagReader) distinct(tags []structTag, taken map[string]string) []structTag {
	return slices.DeleteFunc(tags, func(g structTag) bool {
		other, twice := taken[g.key()]
		if twice {
			b.fail(g.path, dsl.CodeDuplicate, "keep one of the two tags", "the tag %q is also that of %s", strings.TrimSuffix(g.key(), ","), other)
		} else {
			taken[g.key()] = g.path
		}
		return twice
	})
}

// members gives the tags of a struct itself, and appends what it embeds.
func (b *tagReader) members(e embedding, inner []embedding, allowed tagGrammar) ([]structTag, []embedding) {
	var tags []structTag
	for i := range e.typ.NumField() {
		f := e.typ.Field(i)
		path := e.path + "." + f.Name
		in := e.place
		in.offset += f.Offset
		text, ok := f.Tag.Lookup("score")
		switch {
		case text == "-":
		case !ok && f.Anonymous:
			embedded := f.Type
			if embedded.Kind() == reflect.Pointer {
				in, embedded = in.through(), embedded.Elem()
			}
			if embedded.Kind() == reflect.Struct {
				inner = append(inner, embedding{embedded, path, in})
			}
		case !ok:
		case !f.IsExported():
			b.fail(path, dsl.CodeStructure, "give it a name that begins with a capital, or the tag \"-\"", "an unexported field is tagged")
		default:
			if g, ok := b.parse(text, path, allowed); ok {
				g.typ, g.place = f.Type, in
				tags = append(tags, g)
			}
		}
	}
	return tags, inner
}

// through follows a pointer at the place.
func (p memberPlace) through() memberPlace {
	p.pointers = append(slices.Clip(p.pointers), p.offset)
	p.offset, p.far = 0, true
	return p
}

// parse reads the text of a tag.
func (b *tagReader) parse(text, path string, allowed tagGrammar) (structTag, bool) {
	words := strings.Split(text, ",")
	g := structTag{path: path, tag: words[0], name: words[0]}
	roles := allowed.alone
	if g.name != "" {
		roles = allowed.named
	}
	options := "write " + tagList(append(slices.Clip(allowed.named), "omitzero")) + " after a name, or " + tagList(allowed.alone) + " without one"
	for _, w := range words[1:] {
		switch {
		case w == "omitzero" && g.name != "" && g.role == "" && !g.omitZero:
			g.omitZero = true
		case slices.Contains(roles, w) && g.role == "" && !g.omitZero:
			g.role = w
		default:
			b.fail(path, dsl.CodeStructure, options, "the tag %q cannot say %q", text, w)
			return structTag{}, false
		}
	}
	if g.name == "" && g.role == "" {
		b.fail(path, dsl.CodeName, "name a field of the ruleset, or write "+tagList(allowed.alone), "the tag %q names nothing", text)
		return structTag{}, false
	}
	return g, true
}

// tagList writes options as tags do.
func tagList(options []string) string { return "," + strings.Join(options, " ,") }

// account binds the struct of an account.
func (b *tagReader) account(t reflect.Type, path string) *binding {
	out := &binding{m: b.m}
	places, refreshed := make([]memberPlace, len(b.m.fields)), make([]memberPlace, len(b.m.fields))
	for _, g := range b.tags(t, path, accountTags) {
		switch {
		case g.role == "id":
			out.id = b.value(&g, cond.Text)
		case g.role == "prevtier":
			out.prev = b.value(&g, cond.Text)
		case g.role == "contacts":
			if p, elem := b.rows(&g); elem != nil {
				out.contacts = b.contacts(elem, g.path)
				out.contacts.memberPlace = p
			}
		case g.role == "activities":
			out.activities = b.log(&g)
		default:
			slot := b.slot(&g, "the ruleset", b.m.fields)
			switch {
			case slot < 0:
			case g.role == "refreshed":
				refreshed[slot] = b.moment(&g)
			default:
				places[slot] = b.value(&g, b.m.fields[slot].typ)
			}
		}
	}
	out.fields = memberFields(b.m.fields, places)
	for i := range out.fields {
		f := &out.fields[i]
		f.ages, f.refreshed = f.field.ages(), refreshed[f.slot]
	}
	return out
}

// contacts binds the struct of a contact.
func (b *tagReader) contacts(t reflect.Type, path string) memberContacts {
	var out memberContacts
	places := make([]memberPlace, len(b.m.contactFields))
	for _, g := range b.tags(t, path, contactTags) {
		switch g.role {
		case "id":
			out.id = b.value(&g, cond.Text)
		case "activities":
			out.activities = b.log(&g)
		default:
			if slot := b.slot(&g, "the contacts block", b.m.contactFields); slot >= 0 {
				places[slot] = b.value(&g, b.m.contactFields[slot].typ)
			}
		}
	}
	out.fields = memberFields(b.m.contactFields, places)
	return out
}

// log binds a slice of activities and their struct.
func (b *tagReader) log(of *structTag) memberLog {
	p, elem := b.rows(of)
	if elem == nil {
		return memberLog{}
	}
	out := memberLog{memberPlace: p}
	places := make([][]memberPlace, len(b.m.activities))
	for i := range places {
		places[i] = make([]memberPlace, len(b.m.activities[i].fields))
	}
	tags := b.tags(elem, of.path, activityTags)
	for _, g := range tags {
		switch g.role {
		case "type":
			out.typ = b.value(&g, cond.Text)
		case "at":
			out.at = b.moment(&g)
		case "value":
			out.value = b.value(&g, cond.Number)
		default:
			b.activityField(&g, tags, places)
		}
	}
	for _, need := range [...]string{"type", "at"} {
		if !slices.ContainsFunc(tags, func(g structTag) bool { return g.role == need }) {
			b.fail(of.path, dsl.CodeStructure, fmt.Sprintf("tag one of its fields `score:\",%s\"`", need), "the activities of a Go %v have no %s", elem, need)
		}
	}
	for i := range places {
		out.fields = append(out.fields, memberFields(b.m.activities[i].fields, places[i]))
	}
	return out
}

// activityField binds a field of activities: each type that has one of the
// name reads it, but for those that a tag "type.field" names by themselves.
func (b *tagReader) activityField(g *structTag, tags []structTag, places [][]memberPlace) {
	found := false
	for i := range b.m.activities {
		a := &b.m.activities[i]
		for slot := range a.fields {
			full := a.name + "." + a.fields[slot].Name
			if g.name != full && (g.name != a.fields[slot].Name || slices.ContainsFunc(tags, func(g structTag) bool { return g.name == full })) {
				found = found || g.name == a.fields[slot].Name
				continue
			}
			found = true
			of := *g
			if b.differs(a.fields[slot].Name) {
				of.name = full
			}
			if places[i][slot] = b.value(&of, a.fields[slot].typ); places[i][slot].kind == goNone {
				return // one error for all types
			}
		}
	}
	if !found {
		var all []field
		for i := range b.m.activities {
			all = append(all, b.m.activities[i].fields...)
		}
		b.slot(g, "any activity", all)
	}
}

// differs tells whether activities have fields of one name and several types.
func (b *tagReader) differs(name string) bool {
	types := map[cond.Type]bool{}
	for i := range b.m.activities {
		if slot := fieldNamed(b.m.activities[i].fields, name); slot >= 0 {
			types[b.m.activities[i].fields[slot].typ] = true
		}
	}
	return len(types) > 1
}

// memberFields pairs the fields that the model reads with their places.
func memberFields(fields []field, places []memberPlace) []memberField {
	var out []memberField
	for i := range fields {
		if fields[i].read {
			out = append(out, memberField{memberPlace: places[i], slot: i, field: &fields[i]})
		}
	}
	return out
}

// slot finds the field that a tag names, -1 where there is none.
func (b *tagReader) slot(g *structTag, of string, fields []field) int {
	slot := fieldNamed(fields, g.name)
	if slot < 0 {
		fix := "drop the tag"
		if len(fields) > 0 {
			fix = "name " + someNames(fields) + ", or drop the tag"
		}
		b.fail(g.path, dsl.CodeName, fix, "%s has no field %s", of, g.name)
	}
	return slot
}

// someNames lists fields for an error.
func someNames(fields []field) string {
	var names []string
	for i := range fields {
		if !slices.Contains(names, fields[i].Name) {
			names = append(names, fields[i].Name)
		}
	}
	if len(names) > 8 {
		names = append(names[:8], "…")
	}
	return strings.Join(names, ", ")
}

// value finds where a member holds a value of a type.
func (b *tagReader) value(g *structTag, want cond.Type) memberPlace {
	return b.place(g, want.String(), goWanted[want], func(t reflect.Type) goKind { return goKindOf(t, want) })
}

// goWanted says which Go types hold a value of a type.
var goWanted = map[cond.Type]string{
	cond.Number: "a number of any kind or json.Number", cond.Text: "a string", cond.Bool: "a bool",
	cond.List: "a []string", cond.Time: "time.Time or a string",
}

// moment finds where a member holds a moment, which is no text.
func (b *tagReader) moment(g *structTag) memberPlace {
	return b.place(g, "moment", "time.Time", func(t reflect.Type) goKind {
		if isTime(t) {
			return goTime
		}
		return goNone
	})
}

// place finds where a member holds a value: in itself, behind a pointer, or
// beside a bool that tells whether it is valid.
func (b *tagReader) place(g *structTag, want, wanted string, kind func(reflect.Type) goKind) memberPlace {
	p, t := g.place, g.typ
	if t.Kind() == reflect.Pointer {
		p, t = p.through(), t.Elem()
	}
	if value, valid, ok := nullable(t); ok {
		p.nullable, p.far = true, true
		p.valid, p.offset = p.offset+valid, p.offset+value.Offset
		t = value.Type
	}
	if p.kind = kind(t); p.kind == goNone {
		fix := "make it " + wanted + ", a pointer to one, or a struct of one and Valid bool as in database/sql"
		if g.tag != "" && g.tag != g.name {
			fix += fmt.Sprintf("; activities differ in %s: tag a member for each, as in `score:\"%s\"`", g.tag, g.name)
		}
		b.fail(g.path, dsl.CodeType, fix, "%s is a %s, and a Go %v holds none", cmp.Or(g.name, g.role), want, g.typ)
		return memberPlace{}
	}
	p.omitZero = g.omitZero
	return p
}

var (
	timeType       = reflect.TypeFor[time.Time]()
	jsonNumberType = reflect.TypeFor[json.Number]()
)

// isTime tells whether a type is time.Time or has its memory.
func isTime(t reflect.Type) bool { return t.Kind() == reflect.Struct && t.ConvertibleTo(timeType) }

// nullable finds the value of a struct that has a bool for whether there is
// one, as those of database/sql have, and the offset of that bool. A struct
// that embeds such a struct alone is one too.
func nullable(t reflect.Type) (value reflect.StructField, valid uintptr, ok bool) {
	if t.Kind() != reflect.Struct {
		return value, 0, false
	}
	switch t.NumField() {
	case 1:
		if f := t.Field(0); f.Anonymous {
			return nullable(f.Type)
		}
	case 2:
		value, flag := t.Field(0), t.Field(1)
		if flag.Name == "Valid" && flag.Type.Kind() == reflect.Bool && !value.Anonymous && value.IsExported() {
			return value, flag.Offset, true
		}
	}
	return value, 0, false
}

// goKindOf gives how a value of a type is read from a Go type, goNone where it
// cannot be.
func goKindOf(t reflect.Type, want cond.Type) goKind {
	switch want {
	case cond.Number:
		if t == jsonNumberType {
			return goJSONNumber
		}
		return goNumbers[t.Kind()]
	case cond.Text, cond.Time:
		switch {
		case want == cond.Time && isTime(t):
			return goTime
		case t.Kind() != reflect.String || t == jsonNumberType:
		case want == cond.Time:
			return goStringTime
		default:
			return goString
		}
	case cond.Bool:
		if t.Kind() == reflect.Bool {
			return goBool
		}
	case cond.List:
		if t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.String {
			return goStrings
		}
	}
	return goNone
}

var goNumbers = map[reflect.Kind]goKind{
	reflect.Float64: goFloat64, reflect.Float32: goFloat32,
	reflect.Int: goInt, reflect.Int8: goInt8, reflect.Int16: goInt16, reflect.Int32: goInt32, reflect.Int64: goInt64,
	reflect.Uint: goUint, reflect.Uint8: goUint8, reflect.Uint16: goUint16, reflect.Uint32: goUint32, reflect.Uint64: goUint64,
	reflect.Uintptr: goUint, // of the same size
}

// rows finds a slice of structs, or of pointers to them, and their type, nil
// where there is none.
func (b *tagReader) rows(g *structTag) (memberPlace, reflect.Type) {
	p, t := g.place, g.typ
	if t.Kind() == reflect.Slice {
		elem := t.Elem()
		if elem.Kind() == reflect.Pointer {
			elem, p.indirect = elem.Elem(), true
		}
		if elem.Kind() == reflect.Struct && !isTime(elem) {
			p.kind, p.size = goRows, elem.Size()
			return p, elem
		}
	}
	b.fail(g.path, dsl.CodeType, "make it a slice of structs or of pointers to structs", "a Go %v holds no %s", t, g.role)
	return memberPlace{}, nil
}
