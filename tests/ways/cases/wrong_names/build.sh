set -e
for name in one two quadratic; do
  printf 'int %s(void) { return 1; }\n' $name >"$OUT/$name.c"
  gcc -O1 -c -o "$OUT/$name.o" "$OUT/$name.c"
  ar rcs "$OUT/out/lib$name.a" "$OUT/$name.o"
done
