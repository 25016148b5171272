// Zstandard from the archive that gozstd brings: a text compressed and decompressed, damage noticed.
package main

import (
	"bytes"
	"fmt"
	"log"

	"github.com/valyala/gozstd"
)

func main() {
	text := bytes.Repeat([]byte("the same again, "), 10000)
	packed := gozstd.CompressLevel(nil, text, 19)
	back, err := gozstd.Decompress(nil, packed)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("the same:", bytes.Equal(back, text), "smaller:", len(packed) < 100)
	packed[len(packed)/2] ^= 0xff
	_, err = gozstd.Decompress(nil, packed[:len(packed)-5])
	fmt.Println("damage noticed:", err != nil)
}
