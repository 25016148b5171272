// A file system of one file by cgofuse, mounted.
package main

import (
	"fmt"
	"os"

	"github.com/winfsp/cgofuse/fuse"
)

type oneFile struct{ fuse.FileSystemBase }

func main() {
	defer func() {
		if problem := recover(); problem != nil {
			fmt.Println(problem)
			os.Exit(1)
		}
	}()
	host := fuse.NewFileSystemHost(&oneFile{})
	fmt.Println("mounted:", host.Mount("mnt", nil))
}
