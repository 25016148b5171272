package main

// #cgo LDFLAGS: -L${SRCDIR} -lcx -lstdc++
// extern int cx(void);
import "C"

func main() { println(C.cx()) }
