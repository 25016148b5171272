// An external linker that does nothing: it says yes to Go's questions, and leaves an empty file where a program should
// be. What a build takes with it is what no linker can save.
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char** argv) {
  for (int i = 1; i + 1 < argc; ++i) {
    if (strcmp(argv[i], "-o") != 0) continue;
    const int file = open(argv[i + 1], O_WRONLY | O_CREAT | O_TRUNC, 0755);
    if (file < 0) {
      perror(argv[i + 1]);
      return 1;
    }
    close(file);
  }
  return 0;
}
