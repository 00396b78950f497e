package dsl

import "reflect"

// Clone gives a copy that shares nothing with rs that could be changed.
func (rs *Ruleset) Clone() *Ruleset {
	c := *rs
	detach(reflect.ValueOf(&c).Elem())
	return &c
}

// detach replaces every slice and pointer below v by a copy of its own.
// Unexported members are left: nothing outside the package can change them.
func detach(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Field(i); f.CanSet() {
				detach(f)
			}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			p := reflect.New(v.Type().Elem())
			p.Elem().Set(v.Elem())
			detach(p.Elem())
			v.Set(p)
		}
	case reflect.Slice:
		if !v.IsNil() {
			s := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
			reflect.Copy(s, v)
			for i := range s.Len() {
				detach(s.Index(i))
			}
			v.Set(s)
		}
	}
}
