/* As glibc's: nothing but the types that <sys/types.h> has. */
#include <sys/types.h>
