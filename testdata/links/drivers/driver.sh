# Read by the scripts that stand for compilers here. Each records how it was called, answers questions with recorded text,
# and does in place of a link what the case's file `driver` says.
# shellcheck shell=sh

# What the case's PATH has is for cgo-ld-shim.
# shellcheck disable=SC2123
PATH=$GOLDEN_TMP/tools

# record NAME WORD...: one call, a word a line.
record() {
  printf '%s\n' "$@" '' >>"$GOLDEN_TMP/asked"
}

# The value of -o among these words.
output_of() {
  output=a.out previous=''
  for word; do
    if [ "$previous" = -o ]; then output=$word; fi
    previous=$word
  done
}

# compile WORD...: the object that the case has in compiled/ under the output's name; any, where it has none.
compile() {
  output_of "$@"
  prepared=$GOLDEN_TMP/compiled/${output##*/}
  if [ -e "$prepared" ]; then cp "$prepared" "$output"; else : >"$output"; fi
}

# link WORD...: the N-th link does what the N-th `link:` line of the case says, later ones what the last one says:
# `static`, `static-pie` or `dynamic` makes such a program; `nothing` makes none; `status N: WORDS` says WORDS and ends
# with that status, `signal N: WORDS` by that signal. WORDS may follow any of them; \n in them is a line end.
link() {
  output_of "$@"
  n=1
  while [ -e "$GOLDEN_TMP/links/$n.done" ]; do n=$((n + 1)); done
  while [ ! -e "$GOLDEN_TMP/links/$n" ]; do n=$((n - 1)); done
  : >"$GOLDEN_TMP/links/$n.done"
  read -r does <"$GOLDEN_TMP/links/$n"
  case $does in *': '*) printf '%b\n' "${does#*: }" >&2 ;; esac
  does=${does%%: *}
  case $does in
    nothing) exit 0 ;;
    status*) exit "${does#status }" ;;
    signal*) kill -s "${does#signal }" $$ ;;
    *) cp "$GOLDEN_TMP/programs/$does" "$output" ;;
  esac
}
