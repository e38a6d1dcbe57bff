package page

import "strings"

// define gives endpoints the words of the page's glossary: "MongoDB, Redis :
// ..." is about each, "Sources d'événements : ..." about every endpoint whose
// name begins so and that has no definition of its own.
func (r *reading) define() {
	groups := map[string]string{} // by squeezed name
	for _, bullet := range r.doc.bullets {
		subject, definition, ok := strings.Cut(bullet, ":")
		if !ok {
			continue
		}
		definition = strings.TrimSpace(definition)
		for _, name := range splitCommas(subject) {
			if key := squeezed(name); !r.defineOne(name, definition) && groups[key] == "" {
				groups[key] = definition
			}
		}
	}
	for _, s := range r.sides {
		name := squeezed(s.name())
		for end := len(name); end > 0 && s.definition == ""; end-- {
			s.definition = groups[name[:end]]
		}
	}
}

// defineOne defines the endpoints that a name means, and reports whether there
// are any.
func (r *reading) defineOne(name, definition string) bool {
	found := false
	key := keyOf(name)
	for _, id := range []string{vocabulary().source[key], vocabulary().place[key], foldedID(name)} {
		if s := r.sides[id]; s != nil {
			found = true
			if s.definition == "" {
				s.definition = definition
			}
		}
	}
	return found
}
