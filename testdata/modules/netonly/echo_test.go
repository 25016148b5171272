package netonly

import "testing"

func TestEcho(t *testing.T) {
	t.Log("race detector:", raceEnabled)
	if answer, err := Echo("ping"); err != nil || answer != "ping" {
		t.Fatal(answer, err)
	}
}
