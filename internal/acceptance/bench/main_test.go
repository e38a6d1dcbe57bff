package main

import "testing"

func TestCheck(t *testing.T) {
	t.Parallel()
	c := comparison{limit: 2.2, first: "10,000 bound rules", against: "the same map in HCL"}
	if err := c.check(2.2); err != nil {
		t.Errorf("the limit itself: got %v", err)
	}
	want := "10,000 bound rules: 2.204 times the same map in HCL, where 2.20 is allowed"
	if err := c.check(2.2041); err == nil || err.Error() != want {
		t.Errorf("more than the limit: got %v, want %s", err, want)
	}
}
