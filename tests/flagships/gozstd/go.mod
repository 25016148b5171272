module flagship

go 1.24

require github.com/valyala/gozstd v1.27.0
