// A program with os/user and no C of its own: cgo comes in for getpwnam_r and getgrgid_r.
package main

import (
	"fmt"
	"log"
	"os/user"
)

func main() {
	log.SetFlags(0)
	root, err := user.Lookup("root")
	if err != nil {
		log.Fatal(err)
	}
	group, err := user.LookupGroupId(root.Gid)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(root.Username, root.Uid, group.Name)
}
