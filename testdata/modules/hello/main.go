// The smallest program that is cgo both ways: Go calls C, which calls Go back.
package main

/*
int answer(int n);
static void *address(void) { return (void *)address; }
*/
import "C"

import (
	"fmt"
	"os"
)

var version = "none" // for -ldflags='-X main.version=…'

//export twice
func twice(n C.int) C.int { return 2 * n }

func main() {
	if len(os.Args) > 1 && os.Args[1] == "address" {
		fmt.Println(C.address())
		return
	}
	fmt.Println("answer", C.answer(21), "version", version)
}
