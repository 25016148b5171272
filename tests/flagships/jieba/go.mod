module flagship

go 1.24

require github.com/yanyiwu/gojieba v1.4.6
