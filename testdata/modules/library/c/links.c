// Linked with the c-archive, or with the c-shared library, and the header that Go wrote.
#include <stdio.h>

#include "library.h"

int main(void) {
  printf("%d %s\n", Add(40, 2), Greet("archive"));
  return 0;
}
