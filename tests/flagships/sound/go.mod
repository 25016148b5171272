module flagship

go 1.24

require github.com/gen2brain/malgo v0.11.24
