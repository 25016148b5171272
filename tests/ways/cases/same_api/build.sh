set -e
for name in one two; do
  printf 'int parse(void) { return 1; }\nint %s_only(void) { return parse(); }\n' $name >"$OUT/$name.c"
  gcc -O1 -fno-inline -c -o "$OUT/$name.o" "$OUT/$name.c"
  ar rcs "$OUT/out/lib$name.a" "$OUT/$name.o"
done
