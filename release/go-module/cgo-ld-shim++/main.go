// cgo-ld-shim++ is cgo-ld-shim as a C++ compiler, which is told apart by its name.
package main

import "example.com/cgo-ld-shim/internal/executable"

func main() { executable.Run("cgo-ld-shim++") }
