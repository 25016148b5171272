module flagship

go 1.24

require github.com/otiai10/gosseract/v2 v2.4.1
