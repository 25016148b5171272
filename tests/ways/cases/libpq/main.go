package main

// #cgo pkg-config: libpq
// #include <libpq-fe.h>
import "C"

func main() { println(C.PQlibVersion(), C.PQconnectdb(C.CString("")) != nil) }
