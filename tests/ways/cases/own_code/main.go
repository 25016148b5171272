package main

// extern int answr(void);
import "C"

func main() { println(C.answr()) }
