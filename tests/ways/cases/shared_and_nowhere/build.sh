set -e
printf 'int dyn_open(void), vendor_secret(void);\nint f(void) { return dyn_open() + vendor_secret(); }\n' >"$OUT/f.c"
printf 'int dyn_open(void) { return 1; }\n' >"$OUT/dyn.c"
gcc -O1 -c -o "$OUT/f.o" "$OUT/f.c"
ar rcs "$OUT/out/libf.a" "$OUT/f.o"
gcc -O1 -fPIC -shared -Wl,-soname,libdyn.so.1 -o "$OUT/out/libdyn.so" "$OUT/dyn.c"
