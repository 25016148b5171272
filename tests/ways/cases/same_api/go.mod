module example.com/same_api

go 1.21
