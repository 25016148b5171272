#include "textflag.h"

TEXT ·Two(SB), NOSPLIT, $0-8
	MOVQ $2, ret+0(FP)
	RET
