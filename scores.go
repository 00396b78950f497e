package accountscore

import (
	"slices"
	"sync"
	"time"
)

// Scores is the results of [Model.ScoreTable] by columns: item i of each is
// row i of the table. A column that is nil holds the zero value in every row;
// columns that are alike may be one.
// Reading is safe for concurrent use.
type Scores struct {
	At  time.Time `json:"at"`
	IDs []string  `json:"ids,omitempty"` // the table's own
	// Score, Low and High are those of [Result].
	Score []float64 `json:"score"`
	Low   []float64 `json:"low"`
	High  []float64 `json:"high"`
	// Tier has the model's tiers in order, then "disqualified" where it can
	// be, and the empty text of no tier last.
	Tier        Codes  `json:"tier"`
	TierCertain Bitmap `json:"tier_certain"` // by row
	// Reason is why a disqualified account is.
	Reason Codes `json:"reason"`
	Grade  Codes `json:"grade"`
	// Dimensions are in the model's order.
	Dimensions []DimensionScores `json:"dimensions,omitempty"`
	Labels     []LabelScores     `json:"labels,omitempty"`

	Contacts      []int32   `json:"contacts,omitempty"`
	Engaged       []int32   `json:"engaged,omitempty"`
	SeniorEngaged []int32   `json:"senior_engaged,omitempty"`
	Completeness  []float64 `json:"completeness,omitempty"`
	Unknown       []int32   `json:"unknown,omitempty"`
	Invalid       []int32   `json:"invalid,omitempty"`
	ModelHash     string    `json:"model_hash"`

	grades []int32 // by joined grade, its code
	shared bool    // the one dimension has the columns of the score
	wrong  *rare   // Invalid, until the table is scored
}

// Codes is a column of texts that stand once each: row i is Names[Code[i]].
type Codes struct {
	Names []string `json:"names"`
	Code  []int32  `json:"code"`
}

// At gives the text of a row; it is empty where the column is nil.
func (c *Codes) At(row int) string {
	if c.Code == nil {
		return ""
	}
	return c.Names[c.Code[row]]
}

// DimensionScores is a dimension's columns; see [DimensionScore].
type DimensionScores struct {
	Name   string    `json:"name"`
	Max    float64   `json:"max,omitempty"`
	Points []float64 `json:"points"`
	Low    []float64 `json:"low"`
	High   []float64 `json:"high"`
}

// LabelScores is the column of a label; see [Label].
type LabelScores struct {
	Name string `json:"name"`
	Codes
}

// Into makes [Model.ScoreTable] write over scores that are no longer needed, so
// that table after table is scored in the same memory.
func Into(dst *Scores) BatchOption { return func(b *batch) { b.into = dst } }

// Len gives the number of rows.
func (s *Scores) Len() int { return len(s.Score) }

// Dimension finds a dimension by name.
func (s *Scores) Dimension(name string) (DimensionScores, bool) {
	i := slices.IndexFunc(s.Dimensions, func(d DimensionScores) bool { return d.Name == name })
	if i < 0 {
		return DimensionScores{}, false
	}
	return s.Dimensions[i], true
}

// Row gives the result of one row, as [Model.Score] would.
func (s *Scores) Row(row int) Result {
	var r Result
	s.RowInto(&r, row)
	return r
}

// RowInto is [Scores.Row] into a result that the caller keeps, whose slices it
// reuses.
func (s *Scores) RowInto(dst *Result, row int) {
	*dst = Result{
		At: s.At, Score: s.Score[row], Low: s.Low[row], High: s.High[row],
		Tier: s.Tier.At(row), TierCertain: s.TierCertain.Get(row), Reason: s.Reason.At(row), Grade: s.Grade.At(row),
		Contacts: item(s.Contacts, row), Engaged: item(s.Engaged, row), SeniorEngaged: item(s.SeniorEngaged, row),
		Unknown: item(s.Unknown, row), Invalid: item(s.Invalid, row), ModelHash: s.ModelHash,
		Dimensions: dst.Dimensions[:0], Labels: dst.Labels[:0],
	}
	if s.IDs != nil {
		dst.AccountID = s.IDs[row]
	}
	if s.Completeness != nil {
		dst.Completeness = s.Completeness[row]
	}
	for i := range s.Dimensions {
		d := &s.Dimensions[i]
		dst.Dimensions = append(dst.Dimensions, DimensionScore{d.Name, d.Points[row], d.Low[row], d.High[row], d.Max})
	}
	for i := range s.Labels {
		dst.Labels = append(dst.Labels, Label{s.Labels[i].Name, s.Labels[i].At(row)})
	}
}

func item(column []int32, row int) int {
	if column == nil {
		return 0
	}
	return int(column[row])
}

// reset makes room for the rows of a table.
func (s *Scores) reset(b *boundTable, at time.Time) {
	m, n := b.m, b.t.n
	s.At, s.IDs, s.ModelHash = at, b.t.ids, m.hash
	room(&s.Score, n, true)
	room(&s.Low, n, true)
	room(&s.High, n, true)
	room((*[]byte)(&s.TierCertain), (n+7)/8, true)
	room(&s.Unknown, n, true)
	s.wrong = &rare{rows: n, values: s.Invalid[:0]}
	s.Invalid = nil
	room(&s.Contacts, n, b.persons != nil)
	room(&s.Engaged, n, m.rollup != nil)
	room(&s.SeniorEngaged, n, m.rollup != nil)
	room(&s.Completeness, n, m.rollup != nil)
	var reasons []string
	for i := range m.disqualify {
		reasons = append(reasons, m.disqualify[i].reason)
	}
	s.Reason = codes(s.Reason, n, append(reasons, ""))
	s.Tier = codes(s.Tier, n, tierNames(m.tiers, len(m.disqualify) > 0))
	s.gradings(m, n)
	if s.shared {
		s.Dimensions[0] = DimensionScores{}
	}
	s.Dimensions = slices.Grow(s.Dimensions[:0], len(m.dims))[:len(m.dims)]
	c := m.columns()
	s.shared = c != nil && c.alone
	for i := range m.dims {
		d := &s.Dimensions[i]
		d.Name, d.Max = m.dims[i].name, m.dims[i].limit
		if s.shared {
			d.Points, d.Low, d.High = s.Score, s.Low, s.High
			continue
		}
		room(&d.Points, n, true)
		room(&d.Low, n, true)
		room(&d.High, n, true)
	}
}

// gradings makes room for the grades and the labels. Two joined grades may
// read alike: they have one code.
func (s *Scores) gradings(m *Model, n int) {
	var names []string
	s.grades = make([]int32, len(m.joined))
	place := map[string]int{}
	for i, name := range m.joined {
		code, ok := place[name]
		if !ok {
			code = len(names)
			place[name] = code
			names = append(names, name)
		}
		s.grades[i] = int32(code)
	}
	s.Grade = codes(s.Grade, n, names)
	labels := len(m.grades) + len(m.ladders)
	s.Labels = slices.Grow(s.Labels[:0], labels)[:labels]
	for i := range m.grades {
		g := &m.grades[i]
		var names []string
		for place := range len(g.src.Steps) + 1 {
			names = append(names, g.name(place))
		}
		s.Labels[i] = LabelScores{g.label, codes(s.Labels[i].Codes, n, names)}
	}
	for i := range m.ladders {
		l := &s.Labels[len(m.grades)+i]
		*l = LabelScores{m.ladders[i].name, codes(l.Codes, n, tierNames(m.ladders[i].tiers, false))}
	}
}

// tierNames lists the answers of a ladder; the last is that of no tier.
func tierNames(tiers []tier, disqualifies bool) []string {
	var names []string
	for i := range tiers {
		names = append(names, tiers[i].name)
	}
	if disqualifies {
		names = append(names, Disqualified)
	}
	return append(names, "")
}

// room makes a column of n rows, in the memory that it has where that is
// enough; nil where it is not wanted.
func room[T any](column *[]T, n int, wanted bool) {
	switch {
	case !wanted:
		*column = nil
	case cap(*column) < n:
		*column = make([]T, n)
	default:
		*column = (*column)[:n]
	}
}

// codes makes a column of texts by code; of one text there is nothing to tell.
func codes(c Codes, n int, names []string) Codes {
	c.Names = names
	room(&c.Code, n, len(names) > 1)
	return c
}

// put writes what a scratch came to into a row.
func (s *Scores) put(row int, from *scratch) {
	m := from.m
	s.Score[row], s.Low[row], s.High[row] = from.score.at.Float(), from.score.low.Float(), from.score.high.Float()
	s.TierCertain.put(row, from.tier.certain)
	s.Unknown[row] = int32(from.unknown)
	if from.invalid > 0 {
		*s.wrong.at(row) = int32(from.invalid)
	}
	if s.Contacts != nil {
		s.Contacts[row] = int32(from.headcount)
	}
	if m.rollup != nil {
		s.Engaged[row], s.SeniorEngaged[row] = int32(from.rollup.threads), int32(from.rollup.senior)
		s.Completeness[row] = from.rollup.completeness.Float()
	}
	if s.Tier.Code != nil {
		s.Tier.Code[row] = int32(tierCode(from.tier.index, len(s.Tier.Names)))
	}
	if s.Reason.Code != nil {
		s.Reason.Code[row] = int32(len(m.disqualify))
		if d := from.tier.ruled; d >= 0 {
			s.Reason.Code[row], s.Tier.Code[row] = int32(d), int32(len(m.tiers))
		}
	}
	if s.Grade.Code != nil {
		s.Grade.Code[row] = s.grades[from.joinedGrade]
	}
	for i := range m.grades {
		s.Labels[i].Code[row] = int32(from.letters[i])
	}
	for i := range m.ladders {
		if l := &s.Labels[len(m.grades)+i]; l.Code != nil {
			l.Code[row] = int32(tierCode(from.climb(m.ladders[i].tiers).index, len(l.Names)))
		}
	}
	for i := range m.dims {
		d, shown := &s.Dimensions[i], &from.dims[i].shown
		d.Points[row], d.Low[row], d.High[row] = shown.at.Float(), shown.low.Float(), shown.high.Float()
	}
}

// tierCode is the place of a tier among the names; that of none is the last.
func tierCode(index, names int) int {
	if index < 0 {
		return names - 1
	}
	return index
}

// finish makes the column of rare values, if there were any.
func (s *Scores) finish() {
	if len(s.wrong.values) > 0 {
		s.Invalid = s.wrong.values
	}
	s.wrong = nil
}

// certain makes the tiers of some rows certain, beginning at a whole byte.
func (s *Scores) certain(from, to int) {
	for i := from / 8; i < to/8; i++ {
		s.TierCertain[i] = 0xff
	}
	if to%8 > 0 {
		s.TierCertain[to/8] = 1<<(to%8) - 1
	}
}

// rare is a column that is made when it has something to tell.
type rare struct {
	once   sync.Once
	rows   int
	values []int32
}

// at gives the place of a row. Each row is one goroutine's.
func (r *rare) at(row int) *int32 {
	r.once.Do(func() {
		room(&r.values, r.rows, true)
		clear(r.values)
	})
	return &r.values[row]
}
