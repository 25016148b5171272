module flagship

go 1.24

require github.com/gordonklaus/portaudio v0.0.0-20250206071425-98a94950218b
