module flagship

go 1.24

require github.com/chai2010/webp v1.4.0
