// Text read from a picture by Tesseract.
package main

import (
	"fmt"
	"log"

	"github.com/otiai10/gosseract/v2"
)

func main() {
	client := gosseract.NewClient()
	defer client.Close()
	fmt.Println("tesseract", gosseract.Version())
	if err := client.SetImage("text.png"); err != nil {
		log.Fatal(err)
	}
	text, err := client.Text()
	fmt.Println(text, err)
}
