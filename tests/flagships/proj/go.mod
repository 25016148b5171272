module flagship

go 1.24

require github.com/twpayne/go-proj/v11 v11.1.0
