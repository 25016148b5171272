// An eBPF object opened by libbpf: its BTF parsed, its program and its map found by name.
// Nothing is loaded into the kernel.
package main

import (
	_ "embed"
	"fmt"
	"log"
	"strings"

	"github.com/aquasecurity/libbpfgo"
)

//go:embed count.bpf.o
var object []byte

func main() {
	fmt.Println("libbpf", libbpfgo.LibbpfVersionString())
	module, err := libbpfgo.NewModuleFromBuffer(object, "count")
	if err != nil && strings.Contains(err.Error(), "rlimit") {
		fmt.Println("no memory may be locked here: the object is not opened")
		return
	}
	if err != nil {
		log.Fatal(err)
	}
	defer module.Close()
	program, err := module.GetProgram("count")
	if err != nil {
		log.Fatal(err)
	}
	calls, err := module.GetMap("calls")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("program", program.Name(), "of section", program.SectionName(), "with map", calls.Name())
	_, err = module.GetProgram("nothing")
	fmt.Println("another program refused:", err != nil)
}
