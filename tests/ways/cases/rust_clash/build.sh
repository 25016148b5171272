command -v rustc >/dev/null || { echo "there is no rustc"; exit 77; }
set -e
for name in one two; do
  printf '#[no_mangle]\npub extern "C" fn shared_name() -> i32 { 1 }\n#[no_mangle]\npub extern "C" fn %s() -> i32 { shared_name() }\n' $name >"$OUT/$name.rs"
  rustc -O --edition 2021 --crate-type staticlib -o "$OUT/out/lib$name.a" "$OUT/$name.rs"
done
