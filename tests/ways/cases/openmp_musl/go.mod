module example.com/openmp_musl

go 1.21
