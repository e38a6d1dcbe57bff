package firewall

// Value is a value that may be absent, or not be known before apply. The zero
// value is absent. A Value is never part of a key.
type Value[T any] struct {
	value T
	state state
}

type state uint8

const (
	absent state = iota
	unknown
	known
)

// Known returns a value that is known.
func Known[T any](value T) Value[T] { return Value[T]{value, known} }

// Unknown returns a value that is there and will be known at apply.
func Unknown[T any]() Value[T] { return Value[T]{state: unknown} }

// IsAbsent reports whether there is no value.
func (v Value[T]) IsAbsent() bool { return v.state == absent }

// IsUnknown reports whether the value will be known at apply only.
func (v Value[T]) IsUnknown() bool { return v.state == unknown }

// Get returns the value, if it is known.
func (v Value[T]) Get() (value T, ok bool) { return v.value, v.state == known }

// Texts are several texts, of which each may be unknown, or all of them at once.
type Texts = Value[[]Value[string]]
