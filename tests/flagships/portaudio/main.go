// PortAudio: which devices are there.
package main

import (
	"fmt"
	"log"

	"github.com/gordonklaus/portaudio"
)

func main() {
	if err := portaudio.Initialize(); err != nil {
		log.Fatal(err)
	}
	defer portaudio.Terminate()
	devices, err := portaudio.Devices()
	fmt.Println("devices:", len(devices), err)
}
