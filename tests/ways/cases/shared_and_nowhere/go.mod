module example.com/shared_and_nowhere

go 1.21
