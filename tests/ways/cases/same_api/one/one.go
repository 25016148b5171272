package one

// #cgo LDFLAGS: -L${SRCDIR}/.. -lone
// extern int parse(void), one_only(void);
import "C"

func Parse() int { return int(C.parse() + C.one_only()) }
