module example.com/cgo-ld-shim

go 1.20
