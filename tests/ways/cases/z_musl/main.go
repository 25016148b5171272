package main

// #cgo LDFLAGS: -lz
// extern const char *zlibVersion(void);
import "C"

func main() { println(C.GoString(C.zlibVersion())) }
