module example.com/isoc23

go 1.21
