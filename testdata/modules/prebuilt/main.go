// Three prebuilt libraries in one program, as their authors ship them: one archive for each platform in a cache beside the
// module, named by #cgo lines that plain gcc takes as well.
package main

/*
#cgo linux,amd64 LDFLAGS: -L${SRCDIR}/.cgo-cache -lagent_x86_64_linux_gnu -llexicon_x86_64_linux_gnu -ltally_x86_64_linux_gnu -lm
#cgo linux,arm64 LDFLAGS: -L${SRCDIR}/.cgo-cache -lagent_aarch64_linux_gnu -llexicon_aarch64_linux_gnu -ltally_aarch64_linux_gnu -lm
#include <stdlib.h>
#include "agent.h"
#include "lexicon.h"
#include "tally.h"

extern void gotLine(void *data, char *line);
static char *ask(const char *question, void *data) {
  return agent_ask(question, (agent_line)gotLine, data);
}
*/
import "C"

import (
	"encoding/json"
	"fmt"
	"strings"
	"unsafe"
)

var lines []string

//export gotLine
func gotLine(data unsafe.Pointer, line *C.char) {
	lines = append(lines, C.GoString(line))
}

func text(s string, call func(*C.char) *C.char, free func(*C.char)) string {
	in := C.CString(s)
	defer C.free(unsafe.Pointer(in))
	out := call(in)
	if out == nil {
		return "null"
	}
	defer free(out)
	return C.GoString(out)
}

func ask(question string) string {
	return text(question, func(c *C.char) *C.char { return C.ask(c, nil) }, func(c *C.char) { C.agent_free(c) })
}

func count(words string) string {
	return text(words, func(c *C.char) *C.char { return C.lexicon_count(c) }, func(c *C.char) { C.free(unsafe.Pointer(c)) })
}

func sum(numbers string) int {
	in := C.CString(numbers)
	defer C.free(unsafe.Pointer(in))
	return int(C.tally_sum(in))
}

func main() {
	var answer struct {
		Greeting, Protocol string
		Arguments          int
	}
	if err := json.Unmarshal([]byte(ask(`{"name": "gopher"}`)), &answer); err != nil {
		panic(err)
	}
	fmt.Println(answer.Greeting, answer.Protocol, strings.Join(lines, "|"))
	fmt.Println("arguments", answer.Arguments)
	fmt.Println(ask(`{"name": "x", "panic": true}`), ask("no json"))
	fmt.Println(count("a b a"), count(""))
	fmt.Println(sum("1 2 3"), sum("1 x"))
}
