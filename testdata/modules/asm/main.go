// Assembler of both kinds: Go's own in package native, and C's (a .S file beside import "C") here.
package main

// int forty(void);
import "C"

import (
	"fmt"

	"example.com/asm/native"
)

func main() { fmt.Println("sum", int64(C.forty())+native.Two()) }
