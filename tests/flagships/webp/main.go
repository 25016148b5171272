// A picture encoded as WebP without loss, decoded, and compared; then with loss.
package main

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"log"

	"github.com/chai2010/webp"
)

func main() {
	picture := image.NewRGBA(image.Rect(0, 0, 64, 64))
	for x := 0; x < 64; x++ {
		for y := 0; y < 64; y++ {
			picture.Set(x, y, color.RGBA{uint8(4 * x), uint8(4 * y), uint8(x * y), 255})
		}
	}
	var lossless, lossy bytes.Buffer
	if err := webp.Encode(&lossless, picture, &webp.Options{Lossless: true}); err != nil {
		log.Fatal(err)
	}
	if err := webp.Encode(&lossy, picture, &webp.Options{Quality: 50}); err != nil {
		log.Fatal(err)
	}
	back, err := webp.Decode(bytes.NewReader(lossless.Bytes()))
	if err != nil {
		log.Fatal(err)
	}
	same := true
	for x := 0; x < 64; x++ {
		for y := 0; y < 64; y++ {
			same = same && color.RGBAModel.Convert(back.At(x, y)) == picture.At(x, y)
		}
	}
	fmt.Println("without loss the same:", same)
	fmt.Println("with loss smaller:", lossy.Len() < lossless.Len())
}
