set -e
cat >"$OUT/mp.c" <<'CC'
int mp(int n) {
  int sum = 0;
#pragma omp parallel for reduction(+ : sum)
  for (int i = 0; i < n; i++) sum += i;
  return sum;
}
CC
gcc -O1 -fopenmp -c -o "$OUT/mp.o" "$OUT/mp.c"
ar rcs "$OUT/out/libmp.a" "$OUT/mp.o"
