module example.com/z_musl

go 1.21
