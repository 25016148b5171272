package main

// #cgo LDFLAGS: -L${SRCDIR}/vendor/lib -lacme
// extern int acme(void);
import "C"

func main() { println(C.acme()) }
