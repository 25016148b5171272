package main

// #cgo pkg-config: libcurl
// #include <curl/curl.h>
import "C"

func main() { println(C.GoString(C.curl_version())) }
