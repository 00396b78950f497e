package dsl

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// badText tells where a text is not UTF-8 or has a NUL, and what to do about
// it; the fix is empty where nothing is wrong.
func badText(s string) (at int, message, fix string) {
	if !utf8.ValidString(s) {
		for at < len(s) {
			r, size := utf8.DecodeRuneInString(s[at:])
			if r == utf8.RuneError && size == 1 {
				break
			}
			at += size
		}
		return at, fmt.Sprintf("the text is not UTF-8: byte 0x%02x", s[at]), "save the file as UTF-8"
	}
	if at = strings.IndexByte(s, 0); at >= 0 {
		return at, "the text holds a NUL character", "delete it"
	}
	return 0, "", ""
}

// checkTexts holds every text of a ruleset, and of what is bound to it, to what
// the parser lets through, and all of them to their bounds. Two texts that are
// not UTF-8 could otherwise become one in JSON, and so two rulesets one hash.
// It tells whether it is worth looking further.
func (c *checker) checkTexts() bool {
	w := &textWalk{c: c}
	w.walk(reflect.ValueOf(c.rs).Elem())
	whole := c.checkSize(w)
	for _, name := range slices.Sorted(maps.Keys(c.b.Params)) {
		w = &textWalk{c: c, path: []step{{key: "param " + name}}}
		w.text(name)
		w.walk(reflect.ValueOf(c.b.Params[name]))
	}
	return whole && !c.garbled
}

var formulaType = reflect.TypeFor[Formula]()

// step is one step of the way to a text: a key, or a place in a list.
type step struct {
	key   string
	index int
}

// way writes the steps as a path of JSON.
func way(steps []step) string {
	var b strings.Builder
	for _, s := range steps {
		if s.key == "" {
			fmt.Fprintf(&b, "[%d]", s.index)
			continue
		}
		b.WriteString(s.key)
	}
	return strings.TrimPrefix(b.String(), ".")
}

// textShape is where a struct may hold texts.
type textShape struct {
	pos     int // of its Pos, -1: none
	members []textMember
}

type textMember struct {
	index int
	key   string
}

var textShapes sync.Map // reflect.Type → *textShape

func shapeOf(t reflect.Type) *textShape {
	if shape, ok := textShapes.Load(t); ok {
		return shape.(*textShape)
	}
	shape := &textShape{pos: -1}
	for i := range t.NumField() {
		f := t.Field(i)
		if f.Type == reflect.TypeFor[Pos]() && f.Name == "Pos" {
			shape.pos = i
		}
		key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !f.IsExported() || key == "-" {
			continue // Source and File are no part of the model
		}
		switch f.Type.Kind() {
		case reflect.String, reflect.Pointer, reflect.Slice, reflect.Struct:
			if key != "" {
				key = "." + key
			}
			shape.members = append(shape.members, textMember{i, key})
		}
	}
	textShapes.Store(t, shape)
	return shape
}

// textWalk looks at every text below a value, and knows the way to it by the
// keys of JSON.
type textWalk struct {
	c    *checker
	path []step
	pos  Pos // of the innermost statement around

	bytes      int // of the texts
	statements int // and entries
	over       Pos // of the first that is beyond the bound
	overPath   string
}

func (w *textWalk) walk(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		w.text(v.String())
	case reflect.Pointer:
		if !v.IsNil() {
			w.walk(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			w.path = append(w.path, step{index: i})
			w.walk(v.Index(i))
			w.path = w.path[:len(w.path)-1]
		}
	case reflect.Struct:
		w.members(v)
	}
}

func (w *textWalk) members(v reflect.Value) {
	around, depth := w.pos, len(w.path)
	shape := shapeOf(v.Type())
	if shape.pos >= 0 {
		if pos := v.Field(shape.pos); pos.CanAddr() {
			if at := pos.Addr().Interface().(*Pos); at.IsValid() {
				w.pos = *at
			}
		}
		if v.Type() != formulaType {
			if w.statements++; w.statements == w.c.limits.Statements+1 {
				w.over, w.overPath = w.pos, way(w.path)
			}
		}
	}
	for _, m := range shape.members {
		if m.key != "" {
			w.path = append(w.path, step{key: m.key})
		}
		w.walk(v.Field(m.index))
		w.path = w.path[:depth]
	}
	w.pos = around
}

func (w *textWalk) text(s string) {
	w.bytes += len(s)
	if _, message, fix := badText(s); fix != "" {
		w.c.garbled = true
		w.c.wrong(w.pos, way(w.path), CodeEncoding, fix, "%s", message)
	}
}
