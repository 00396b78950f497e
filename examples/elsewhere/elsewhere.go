// Package elsewhere holds what other systems' scoring looks like in the rules
// language, for people who come from them: one ruleset for each system, named
// after it.
//
//	model, err := elsewhere.Model("hubspot")
//
// The comment at the head of a file says what carries over, by which form of
// the language, and what does not and why. The cases below it hold the numbers
// that the systems publish, or numbers worked out by hand from what they say.
// Where a published example is wrong the file says so and holds the right one.
//
// Points and thresholds that a system leaves to its users are examples.
// Nothing here is made or endorsed by the makers of these systems.
//
// The files are embedded. Functions return fresh values that the caller may
// change, and may be called concurrently.
package elsewhere

import (
	"embed"
	"fmt"
	"slices"
	"strings"

	"github.com/accountscore/accountscore"
)

//go:embed *.rules
var files embed.FS

// names are the systems, in the order of the README.
var names = []string{
	"hubspot", "marketo", "pardot", "eloqua", "dynamics", "sugarmarket", "mautic",
	"sixsense", "demandbase", "adobe", "propensity",
	"madkudu", "calibermind", "factors", "gtmclarity", "pillar", "kenbun", "apollo",
}

// Names gives the names of the systems: marketing automation first, then
// account-based marketing, then tools that score alone.
func Names() []string { return slices.Clone(names) }

// Source gives the text of a system's ruleset.
func Source(name string) ([]byte, error) {
	if !slices.Contains(names, name) {
		return nil, fmt.Errorf("elsewhere: there is no %q: the systems are %s", name, strings.Join(names, ", "))
	}
	return files.ReadFile(name + ".rules")
}

// Ruleset gives a system's ruleset.
func Ruleset(name string) (*accountscore.Ruleset, error) {
	src, err := Source(name)
	if err != nil {
		return nil, err
	}
	return accountscore.Parse(name+".rules", src)
}

// Model gives a system's ruleset, compiled.
func Model(name string) (*accountscore.Model, error) {
	rs, err := Ruleset(name)
	if err != nil {
		return nil, err
	}
	return accountscore.Compile(rs)
}
