// A library with a C interface, for -buildmode=c-shared and c-archive.
package main

import "C"

import "fmt"

//export Add
func Add(a, b C.int) C.int { return a + b }

//export Greet
func Greet(name *C.char) *C.char { return C.CString(fmt.Sprintf("hello, %s", C.GoString(name))) }

func main() {}
