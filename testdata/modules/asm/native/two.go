// Package native has one function in Go's assembler.
package native

func Two() int64
