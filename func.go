package accountscore

import (
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/accountscore/accountscore/dsl"
)

// goTypes are the Go types that functions take and give.
var goTypes = map[reflect.Type]dsl.Type{
	reflect.TypeFor[float64]():   dsl.NumberType,
	reflect.TypeFor[string]():    dsl.TextType,
	reflect.TypeFor[bool]():      dsl.BoolType,
	reflect.TypeFor[[]string]():  dsl.ListType,
	reflect.TypeFor[time.Time](): dsl.TimeType,
}

var errorType = reflect.TypeFor[error]()

// newFunc makes a function of the language of a Go function.
func newFunc(fn any) (dsl.Func, error) {
	v := reflect.ValueOf(fn)
	if v.Kind() != reflect.Func {
		return dsl.Func{}, fmt.Errorf("%T is not a func", fn)
	}
	t := v.Type()
	if v.IsNil() {
		return dsl.Func{}, errors.New("the func is nil")
	}
	f := dsl.Func{Variadic: t.IsVariadic()}
	for i := range t.NumIn() {
		in := t.In(i)
		if f.Variadic && i == t.NumIn()-1 {
			in = in.Elem()
		}
		typ, ok := goTypes[in]
		if !ok {
			return dsl.Func{}, fmt.Errorf("parameter %d has the type %v", i+1, in)
		}
		f.Params = append(f.Params, typ)
	}
	results := t.NumOut()
	fails := results == 2 && t.Out(1) == errorType
	if results == 0 || results > 1 && !fails {
		return dsl.Func{}, fmt.Errorf("it gives %d results", results)
	}
	var ok bool
	if f.Result, ok = goTypes[t.Out(0)]; !ok {
		return dsl.Func{}, fmt.Errorf("its result has the type %v", t.Out(0))
	}
	f.Call = func(args []any) (any, error) {
		in := make([]reflect.Value, len(args))
		for i, a := range args {
			in[i] = reflect.ValueOf(a)
		}
		out := v.Call(in)
		if fails && !out[1].IsNil() {
			return nil, out[1].Interface().(error)
		}
		return out[0].Interface(), nil
	}
	return f, nil
}
