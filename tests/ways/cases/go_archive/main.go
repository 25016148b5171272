package main

// #cgo LDFLAGS: -L${SRCDIR} -ladd
// extern int Add(int, int);
import "C"

func main() { println(C.Add(1, 2)) }
