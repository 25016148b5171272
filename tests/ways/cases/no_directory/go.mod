module example.com/no_directory

go 1.21
