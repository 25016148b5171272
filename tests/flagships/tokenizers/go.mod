module flagship

go 1.24

require github.com/daulet/tokenizers v1.24.0
