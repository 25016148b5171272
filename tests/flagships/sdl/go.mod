module flagship

go 1.24

require github.com/veandco/go-sdl2 v0.4.39
