package two

// #cgo LDFLAGS: -L${SRCDIR}/.. -ltwo
// extern int parse(void), two_only(void);
import "C"

func Parse() int { return int(C.parse() + C.two_only()) }
