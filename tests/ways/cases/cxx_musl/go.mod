module example.com/cxx_musl

go 1.21
