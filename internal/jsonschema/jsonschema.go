// Package jsonschema describes Go types as JSON Schema, draft 2020-12. The
// tests that hold the published schemas to the Go types are made with it.
package jsonschema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// Object is a JSON object that keeps the order of its members.
type Object []Member

// Member is one member of an Object.
type Member struct {
	Key   string
	Value any
}

// MarshalJSON writes the members in order.
func (o Object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		key, err := json.Marshal(m.Key)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(m.Value)
		if err != nil {
			return nil, err
		}
		b.Write(key)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// Enum is the schema of a closed set of values.
func Enum[T any](values ...T) Object { return Object{{"enum", values}} }

// Literal is the schema of a literal value of the rules language.
const Literal = `{"description": "a literal", "oneOf": [
	{"type": ["number", "string", "boolean", "null"]},
	{"type": "array", "items": {"type": "string"}},
	{"type": "object", "properties": {"date": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}}, "required": ["date"], "additionalProperties": false},
	{"type": "object", "properties": {"moment": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T"}}, "required": ["moment"], "additionalProperties": false}]}`

// Types describes Go types: structs by their fields, and what Leaves holds as
// it stands there.
type Types struct {
	Leaves map[reflect.Type]any
	// Docs are comments, by type and field: "Rule.Text". They become
	// descriptions.
	Docs map[string]string

	defs map[string]Object
}

// Document gives the schema of a struct, indented, with a line end.
func (s *Types) Document(title string, root reflect.Type) ([]byte, error) {
	s.defs = map[string]Object{}
	doc := Object{{"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"title", title}}
	body, err := s.structure(root)
	if err != nil {
		return nil, err
	}
	var names []string
	for name := range s.defs {
		names = append(names, name)
	}
	slices.Sort(names)
	var defs Object
	for _, name := range names {
		defs = append(defs, Member{name, s.defs[name]})
	}
	out, err := json.MarshalIndent(append(append(doc, body...), Member{"$defs", defs}), "", "  ")
	return append(out, '\n'), err
}

// of describes a type; structs go to the definitions by their name.
func (s *Types) of(t reflect.Type) (any, error) {
	if leaf, ok := s.Leaves[t]; ok {
		return leaf, nil
	}
	switch t.Kind() {
	case reflect.Pointer:
		return s.of(t.Elem())
	case reflect.Slice:
		items, err := s.of(t.Elem())
		return Object{{"type", "array"}, {"items", items}}, err
	case reflect.Float64:
		return Object{{"type", "number"}}, nil
	case reflect.Int, reflect.Int64:
		return Object{{"type", "integer"}}, nil
	case reflect.String:
		return Object{{"type", "string"}}, nil
	case reflect.Bool:
		return Object{{"type", "boolean"}}, nil
	case reflect.Struct:
		if _, ok := s.defs[t.Name()]; !ok {
			s.defs[t.Name()] = nil // it may contain itself
			def, err := s.structure(t)
			if err != nil {
				return nil, err
			}
			s.defs[t.Name()] = def
		}
		return Object{{"$ref", "#/$defs/" + t.Name()}}, nil
	}
	return nil, fmt.Errorf("no schema for %s", t)
}

func (s *Types) structure(t reflect.Type) (Object, error) {
	var properties Object
	required := []string{}
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if !f.IsExported() || name == "-" {
			continue
		}
		of, err := s.of(f.Type)
		if err != nil {
			return nil, fmt.Errorf("%s.%s: %w", t.Name(), f.Name, err)
		}
		if doc := s.Docs[t.Name()+"."+f.Name]; doc != "" {
			if o, ok := of.(Object); ok && !slices.ContainsFunc(o, func(m Member) bool { return m.Key == "description" }) {
				of = append(slices.Clone(o), Member{"description", doc})
			}
		}
		properties = append(properties, Member{name, of})
		if !strings.Contains(options, "omit") {
			required = append(required, name)
		}
	}
	return Object{{"type", "object"}, {"properties", properties}, {"required", required}, {"additionalProperties", false}}, nil
}

// docLink is a link of Go's documentation, such as [Model.Score].
var docLink = regexp.MustCompile(`\[([A-Z][\w.]*)\]`)

// Comments reads the comments of struct fields from Go files, by type and
// field, on one line each.
func Comments(files ...string) (map[string]string, error) {
	docs := map[string]string{}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			return nil, err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			if st, ok := spec.Type.(*ast.StructType); ok {
				for _, field := range st.Fields.List {
					text := strings.Join(strings.Fields(field.Doc.Text()+" "+field.Comment.Text()), " ")
					text = docLink.ReplaceAllString(text, "$1")
					for _, name := range field.Names {
						if text != "" {
							docs[spec.Name.Name+"."+name.Name] = text
						}
					}
				}
			}
			return false
		})
	}
	return docs, nil
}
