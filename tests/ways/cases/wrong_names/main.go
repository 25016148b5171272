package main

// #cgo LDFLAGS: -L${SRCDIR} -llibone.a -l${SRCDIR}/libtwo.a -lquadratc
// extern int one(void), two(void), quadratic(void);
import "C"

func main() { println(C.one() + C.two() + C.quadratic()) }
