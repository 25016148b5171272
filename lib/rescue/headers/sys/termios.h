/* As glibc's: another name for <termios.h>. */
#include <termios.h>
