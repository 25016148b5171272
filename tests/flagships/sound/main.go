// Sound by miniaudio: it looks for PulseAudio, ALSA and JACK, which are shared libraries, finds none, and plays on its null
// device what a Go callback makes.
package main

import (
	"fmt"
	"log"

	"github.com/gen2brain/malgo"
)

func main() {
	context, err := malgo.InitContext(nil, malgo.ContextConfig{}, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer context.Free()
	played := make(chan int, 64)
	config := malgo.DefaultDeviceConfig(malgo.Playback)
	config.Playback.Format, config.Playback.Channels, config.SampleRate = malgo.FormatS16, 2, 48000
	device, err := malgo.InitDevice(context.Context, config, malgo.DeviceCallbacks{
		Data: func(output, _ []byte, frames uint32) {
			select {
			case played <- int(frames):
			default:
			}
		}})
	if err != nil {
		log.Fatal(err)
	}
	if err := device.Start(); err != nil {
		log.Fatal(err)
	}
	for frames := 0; frames < 4800; frames += <-played {
	}
	device.Uninit()
	fmt.Println("a tenth of a second was played")
	_, err = malgo.InitContext([]malgo.Backend{malgo.BackendAlsa}, malgo.ContextConfig{}, nil)
	fmt.Println("ALSA, which is a shared library, refused:", err != nil)
}
