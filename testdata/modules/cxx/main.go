// C++ in a package's own sources, with what needs a runtime: an exception, a thread and thread-local storage.
package main

// const char *catch_it(int throw_it);
// int count_in_threads(int threads);
import "C"

import "fmt"

func main() {
	fmt.Println(C.GoString(C.catch_it(1)))
	fmt.Println(C.GoString(C.catch_it(0)))
	fmt.Println("threads", C.count_in_threads(4))
}
