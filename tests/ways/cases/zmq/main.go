package main

// #cgo pkg-config: libzmq
// #include <zmq.h>
import "C"

func main() { println(C.zmq_ctx_new() != nil) }
