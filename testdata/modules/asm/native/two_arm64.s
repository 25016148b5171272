#include "textflag.h"

TEXT ·Two(SB), NOSPLIT, $0-8
	MOVD $2, R0
	MOVD R0, ret+0(FP)
	RET
