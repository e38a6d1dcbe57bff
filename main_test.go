package main

import (
	"runtime/debug"
	"testing"
)

func TestCollectRarely(t *testing.T) {
	t.Setenv("GOGC", "") // which the process has for itself: no other test runs beside this one
	before := debug.SetGCPercent(100)
	t.Cleanup(func() { debug.SetGCPercent(before) })
	for gogc, want := range map[string]int{"": 400, "100": 100, "off": 100} {
		t.Setenv("GOGC", gogc)
		debug.SetGCPercent(100) // stands for what the runtime made of GOGC
		collectRarely()
		if got := debug.SetGCPercent(100); got != want {
			t.Errorf("GOGC=%s: the heap may grow by %d %%, want %d", gogc, got, want)
		}
	}
}
