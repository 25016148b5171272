/* As glibc's: System V's name for <termios.h>, with the calls that go with it. */
#include <sys/ioctl.h>
#include <termios.h>
