module example.com/own_code

go 1.21
