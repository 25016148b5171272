// Uber's H3: a place as a cell of its grid, the cells around it, and back.
package main

import (
	"fmt"
	"log"

	"github.com/uber/h3-go/v4"
)

func main() {
	cell := h3.LatLngToCell(h3.NewLatLng(37.775938728915946, -122.41795063018799), 9)
	fmt.Println("cell", cell, "with", len(cell.GridDisk(2)), "around it")
	if !cell.IsValid() {
		log.Fatal("the cell is none")
	}
	place := cell.LatLng()
	fmt.Printf("centre %.3f %.3f\n", place.Lat, place.Lng)
}
