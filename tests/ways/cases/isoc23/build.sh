set -e
if nm "$(gcc -print-file-name=libc.a)" 2>/dev/null | grep -q '__isoc23_strtol$'; then echo "this glibc has it"; exit 77; fi
printf 'long __isoc23_strtol(const char *, char **, int);\nlong number(const char *text) { return strtol(text, 0, 10); }\n' >"$OUT/new.c"
gcc -O1 -Dstrtol=__isoc23_strtol -c -o "$OUT/new.o" "$OUT/new.c"
ar rcs "$OUT/out/libnew.a" "$OUT/new.o"
