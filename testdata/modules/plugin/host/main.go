// Loads a plugin: host PLUGIN
package main

import (
	"fmt"
	"log"
	"os"
	"plugin"
)

func main() {
	log.SetFlags(0)
	opened, err := plugin.Open(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	greet, err := opened.Lookup("Greet")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(greet.(func(string) string)("host"))
}
