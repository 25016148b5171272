// cgo-ld-shim is a C compiler for Go that links cgo programs into one static executable.
package main

import "example.com/cgo-ld-shim/internal/executable"

func main() { executable.Run("cgo-ld-shim") }
