package main

// #cgo LDFLAGS: -L${SRCDIR} -lone -ltwo
// extern int one(void), two(void);
import "C"

func main() { println(C.one() + C.two()) }
