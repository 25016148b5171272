module example.com/rust_clash

go 1.21
