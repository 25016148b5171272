// Loads the c-shared library at run time: opens LIBRARY
#include <dlfcn.h>
#include <stdio.h>

int main(int argc, char** argv) {
  void* library = argc == 2 ? dlopen(argv[1], RTLD_NOW) : NULL;
  if (library == NULL) {
    fprintf(stderr, "%s\n", dlerror());
    return 1;
  }
  int (*add)(int, int) = (int (*)(int, int))dlsym(library, "Add");
  char* (*greet)(const char*) = (char* (*)(const char*))dlsym(library, "Greet");
  if (add == NULL || greet == NULL) return 2;
  printf("%d %s\n", add(40, 2), greet("dlopen"));
  return 0;
}
