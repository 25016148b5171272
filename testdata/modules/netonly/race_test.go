//go:build race

package netonly

import "testing"

const raceEnabled = true

// Two goroutines write one variable: the detector must report it, which only happens when it is linked in and works.
func TestRace(t *testing.T) {
	shared := 0
	done := make(chan bool)
	go func() {
		shared++
		done <- true
	}()
	shared++
	<-done
	t.Log(shared)
}
