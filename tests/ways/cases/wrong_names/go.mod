module example.com/wrong_names

go 1.21
