module example.com/go_archive

go 1.21
