// Coordinates by PROJ: WGS 84 to the Web's Mercator projection and back.
package main

import (
	"fmt"
	"log"

	"github.com/twpayne/go-proj/v11"
)

func main() {
	projection, err := proj.New(
		"+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=webmerc +ellps=WGS84")
	if err != nil {
		log.Fatal(err)
	}
	there, err := projection.Forward(proj.NewCoord(8.5417, 47.3769, 0, 0))
	if err != nil {
		log.Fatal(err)
	}
	back, err := projection.Inverse(there)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.0f %.0f, back %.4f %.4f\n", there.X(), there.Y(), back.X(), back.Y())
}
