// SDL: a surface drawn in memory, no window.
package main

import (
	"fmt"
	"log"

	"github.com/veandco/go-sdl2/sdl"
)

func main() {
	if err := sdl.Init(sdl.INIT_TIMER); err != nil {
		log.Fatal(err)
	}
	defer sdl.Quit()
	surface, err := sdl.CreateRGBSurfaceWithFormat(0, 64, 64, 32, uint32(sdl.PIXELFORMAT_RGBA32))
	if err != nil {
		log.Fatal(err)
	}
	if err := surface.FillRect(&sdl.Rect{X: 8, Y: 8, W: 16, H: 16}, 0xff00ff00); err != nil {
		log.Fatal(err)
	}
	fmt.Println("drawn:", surface.Pixels()[(8*64+8)*4:][1])
}
