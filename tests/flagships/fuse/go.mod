module flagship

go 1.24

require github.com/winfsp/cgofuse v1.6.0
