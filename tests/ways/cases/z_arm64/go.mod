module example.com/z_arm64

go 1.21
