// The plugin: C and Go behind one exported function.
package main

// static int three(void) { return 3; }
import "C"

import "fmt"

func Greet(name string) string { return fmt.Sprintf("hello, %s, %d times", name, C.three()) }

func main() {}
