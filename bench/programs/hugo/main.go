// Hugo as its own main.go starts it: a large program of Go, with C and C++ (libsass, libwebp) in two packages.
package main

import (
	"log"
	"os"

	"github.com/gohugoio/hugo/commands"
)

func main() {
	log.SetFlags(0)
	if err := commands.Execute(os.Args[1:]); err != nil {
		log.Fatal(err)
	}
}
