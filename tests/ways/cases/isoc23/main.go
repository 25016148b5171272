package main

// #cgo LDFLAGS: -L${SRCDIR} -lnew
// #include <stdlib.h>
// extern long number(const char *);
import "C"

func main() { println(C.number(C.CString("7"))) }
