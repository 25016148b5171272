set -e
mkdir "$OUT/add"
cp "$SRC/add/add.go.in" "$OUT/add/add.go"
cd "$OUT/add"
printf 'module example.com/add\n\ngo 1.21\n' >go.mod
CGO_ENABLED=1 go build -buildmode=c-archive -o "$OUT/out/libadd.a" .
