// Package matrix holds the values that a network flow matrix is made of: who
// may talk to whom, on which ports.
//
// A Matrix is immutable and canonical: two matrices that say the same have the
// same contents in the same order. It is changed by taking a Draft of it,
// changing the draft and asking the draft for a new Matrix.
package matrix

import (
	"fmt"
	"strings"
)

// Protocol is a transport protocol, by its IANA number. The zero value is
// invalid, so that a forgotten protocol never reads as "any".
type Protocol uint8

// The transport protocols that a flow may use.
const (
	TCP Protocol = 6
	UDP Protocol = 17
)

// Protocols lists every valid Protocol, in ascending order.
func Protocols() []Protocol { return []Protocol{TCP, UDP} }

// ParseProtocol reads "tcp" or "udp", in any case. Everything else is an error.
func ParseProtocol(text string) (Protocol, error) {
	switch strings.ToLower(text) {
	case "tcp":
		return TCP, nil
	case "udp":
		return UDP, nil
	}
	return 0, fmt.Errorf("%q is no protocol of the matrix: tcp or udp", text)
}

// Valid reports whether p is TCP or UDP.
func (p Protocol) Valid() bool { return p == TCP || p == UDP }

// String returns the protocol's name in lower case, as clouds spell it.
func (p Protocol) String() string {
	switch p {
	case TCP:
		return "tcp"
	case UDP:
		return "udp"
	}
	return "invalid"
}
