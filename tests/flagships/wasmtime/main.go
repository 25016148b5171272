// WebAssembly compiled by wasmtime (Rust): a text module, a Go function called from it, a trap.
package main

import (
	"fmt"
	"log"

	"github.com/bytecodealliance/wasmtime-go/v39"
)

const module = `(module
  (import "go" "twice" (func $twice (param i32) (result i32)))
  (func (export "work") (param i32) (result i32) (i32.add (call $twice (local.get 0)) (i32.const 2)))
  (func (export "trap") unreachable))`

func main() {
	store := wasmtime.NewStore(wasmtime.NewEngine())
	code, err := wasmtime.Wat2Wasm(module)
	if err != nil {
		log.Fatal(err)
	}
	compiled, err := wasmtime.NewModule(store.Engine, code)
	if err != nil {
		log.Fatal(err)
	}
	twice := wasmtime.WrapFunc(store, func(i int32) int32 { return 2 * i })
	instance, err := wasmtime.NewInstance(store, compiled, []wasmtime.AsExtern{twice})
	if err != nil {
		log.Fatal(err)
	}
	result, err := instance.GetFunc(store, "work").Call(store, 20)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("work(20) =", result)
	_, err = instance.GetFunc(store, "trap").Call(store)
	fmt.Println("trapped:", err != nil)
}
