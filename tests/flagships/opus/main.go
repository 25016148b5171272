// A tone through the Opus encoder and back, and how much the codec lost.
package main

import (
	"fmt"
	"log"
	"math"

	"github.com/hraban/opus"
)

func main() {
	encoder, err := opus.NewEncoder(48000, 1, opus.AppAudio)
	if err != nil {
		log.Fatal(err)
	}
	decoder, err := opus.NewDecoder(48000, 1)
	if err != nil {
		log.Fatal(err)
	}
	const frame = 960
	bytes, loud := 0, 0.0
	for n := 0; n < 50; n++ {
		tone, back := make([]int16, frame), make([]int16, frame)
		for i := range tone {
			tone[i] = int16(10000 * math.Sin(2*math.Pi*440*float64(n*frame+i)/48000))
		}
		packet := make([]byte, 1000)
		size, err := encoder.Encode(tone, packet)
		if err != nil {
			log.Fatal(err)
		}
		bytes += size
		if _, err := decoder.Decode(packet[:size], back); err != nil {
			log.Fatal(err)
		}
		if n > 5 {
			for _, sample := range back {
				loud += float64(sample) * float64(sample) / (44 * frame)
			}
		}
	}
	fmt.Printf("a second of sound in less than 20000 bytes: %t\n", bytes > 1000 && bytes < 20000)
	fmt.Printf("as loud as before: %t\n", math.Abs(math.Sqrt(loud)-10000/math.Sqrt2) < 300)
}
