package main

import (
	"example.com/same_api/one"
	"example.com/same_api/two"
)

func main() { println(one.Parse() + two.Parse()) }
