package main

// #cgo LDFLAGS: -L${SRCDIR} -lf -ldyn
// extern int f(void);
import "C"

func main() { println(C.f()) }
