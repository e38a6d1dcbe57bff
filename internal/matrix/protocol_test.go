package matrix_test

import (
	"slices"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

func TestParseProtocol(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]matrix.Protocol{
		"tcp": matrix.TCP, "TCP": matrix.TCP, "Tcp": matrix.TCP,
		"udp": matrix.UDP, "UDP": matrix.UDP,
	} {
		if got, err := matrix.ParseProtocol(text); got != want || err != nil {
			t.Errorf("ParseProtocol(%q) = %v, %v; want %v", text, got, err, want)
		}
	}
}

func TestParseProtocolRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":        `"" is no protocol of the matrix: tcp or udp`,
		"any":     `"any" is no protocol of the matrix: tcp or udp`,
		"-1":      `"-1" is no protocol of the matrix: tcp or udp`,
		"6":       `"6" is no protocol of the matrix: tcp or udp`,
		" tcp":    `" tcp" is no protocol of the matrix: tcp or udp`,
		"invalid": `"invalid" is no protocol of the matrix: tcp or udp`,
	} {
		got, err := matrix.ParseProtocol(text)
		if err == nil || err.Error() != want {
			t.Errorf("ParseProtocol(%q): error %v; want %s", text, err, want)
		}
		if got.Valid() {
			t.Errorf("ParseProtocol(%q) = %v beside its error; want an invalid protocol", text, got)
		}
	}
}

func TestProtocolIsItsIANANumber(t *testing.T) {
	t.Parallel()
	if matrix.TCP != 6 || matrix.UDP != 17 {
		t.Errorf("TCP = %d, UDP = %d; want 6, 17", matrix.TCP, matrix.UDP)
	}
	if got, want := matrix.Protocols(), []matrix.Protocol{6, 17}; !slices.Equal(got, want) {
		t.Errorf("Protocols() = %v; want %v", got, want)
	}
	for number := range 256 {
		p := matrix.Protocol(number)
		want := map[int]string{6: "tcp", 17: "udp"}[number]
		if p.Valid() != (want != "") {
			t.Errorf("Protocol(%d).Valid() = %t", number, p.Valid())
		}
		if want == "" {
			want = "invalid"
		}
		if p.String() != want {
			t.Errorf("Protocol(%d).String() = %q; want %q", number, p, want)
		}
	}
}
