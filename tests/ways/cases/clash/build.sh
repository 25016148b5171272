set -e
for name in one two; do
  printf 'int helper(void) { return 0; }\nint %s(void) { return helper(); }\n' $name >"$OUT/$name.c"
  gcc -O1 -fno-inline -c -o "$OUT/$name.o" "$OUT/$name.c"
  ar rcs "$OUT/out/lib$name.a" "$OUT/$name.o"
done
