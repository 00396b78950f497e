package spell

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestSlip(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"employees", "employes", true}, {"employees", "employee", true}, {"Industry", "industry", true},
		{"techStack", "tech_stack", true}, {"scroe", "score", true}, {"revenue", "revneue", true}, {"revenue", "ravenue", true},
		{"employees__c", "employees_c", true}, {"sore", "score", true}, {"visit", "visits", true}, {"engagment", "engagement", true},
		{"demo", "demos2", false}, {"demo1", "demo2", false}, {"q1", "q2", false}, {"stage", "state", false}, {"mail", "email", false},
		{"rating", "grating", false}, {"region_a", "region_b", false}, {"plan", "plane", false}, {"price", "prize", false},
		{"fit", "fin", false}, {"is_a", "is_b", false}, {"a", "b", false}, {"a", "A", true}, {"x", "x", false}, {"", "_", false},
		{"visits_eu", "visits_us", false}, {"min_size", "max_size", false}, {"city", "cities", false},
	} {
		assert.Equal(t, c.want, Slip(c.a, c.b), "%s %s", c.a, c.b)
		assert.Equal(t, c.want, Slip(c.b, c.a), "%s %s", c.b, c.a)
	}
}
