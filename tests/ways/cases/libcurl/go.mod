module example.com/libcurl

go 1.21
