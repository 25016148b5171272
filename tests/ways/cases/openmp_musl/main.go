package main

// #cgo LDFLAGS: -L${SRCDIR} -lmp
// extern int mp(int);
import "C"

func main() { println(C.mp(10)) }
