package accountscore

import "slices"

// aptFields are the sets of so many fields that could do, whatever so many
// changes of activities and contacts bring beside them. No other set need be
// tried.
type aptFields struct {
	known bool
	sets  map[[maxExact]int]bool // of places in fields, from one on
}

// maxSifted bounds the sets of fields that are sifted of one size; of more,
// each is taken to be apt.
const maxSifted = 1 << 9

// sift finds which fields could do, so that none are tried with activities and
// contacts where no values of theirs do. Fields alone are not sifted: that is
// asked of each set as it is tried.
func (f *finder) sift() {
	f.stage(nil)
	f.apt = make([]aptFields, f.size)
	if f.siftless {
		return
	}
	for fields := range f.apt {
		sets := 1
		for i := range fields {
			sets = sets * (len(f.fields) - i) / (i + 1)
		}
		if sets > maxSifted || sets*4*f.oneTry > max(0, f.limit-f.work)/4 {
			return
		}
		f.apt[fields] = aptFields{true, map[[maxExact]int]bool{}}
		f.siftSets(fields, nil, 0)
	}
}

// siftSets notes the sets of so many fields that begin with some and could do.
func (f *finder) siftSets(fields int, picked []int, from int) {
	if len(picked) == fields {
		if f.attainable(f.slotsOf(picked), f.size-fields) {
			f.apt[fields].sets[aptKey(picked)] = true
		}
		return
	}
	for i := from; i < len(f.fields); i++ {
		f.siftSets(fields, append(picked[:len(picked):len(picked)], i), i+1)
	}
}

func (f *finder) slotsOf(fields []int) []int {
	slots := make([]int, len(fields))
	for i, at := range fields {
		slots[i] = f.fields[at].moves[0].slot
	}
	return slots
}

func aptKey(fields []int) (key [maxExact]int) {
	for i, at := range fields {
		key[i] = at + 1
	}
	return key
}

// isApt tells whether some fields could do.
func (f *finder) isApt(fields []int) bool {
	return len(fields) >= len(f.apt) || !f.apt[len(fields)].known || f.apt[len(fields)].sets[aptKey(fields)]
}

// barren tells whether no set of so many fields could do.
func (f *finder) barren(fields int) bool {
	return fields < len(f.apt) && f.apt[fields].known && len(f.apt[fields].sets) == 0
}

// candidates are the slots of the live fields that could do in sets of so many.
func (f *finder) candidates(fields int) []int {
	var slots []int
	for i := range f.fields {
		if slot := f.fields[i].moves[0].slot; f.liveField(i) && (fields >= len(f.apt) || !f.apt[fields].known || f.apt[fields].has(i)) {
			slots = append(slots, slot)
		}
	}
	return slots
}

// has tells whether a field is in one of the sets.
func (a *aptFields) has(field int) bool {
	for key := range a.sets {
		if slices.Contains(key[:], field+1) {
			return true
		}
	}
	return false
}
