module flagship

go 1.24

require github.com/hraban/opus v0.0.0-20260708213942-bde8e4304501
