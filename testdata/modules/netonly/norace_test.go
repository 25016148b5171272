//go:build !race

package netonly

const raceEnabled = false
