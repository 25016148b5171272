#include "_cgo_export.h"

int answer(int n) { return twice(n); }
