// How wide, and whether in colour: what stdout or stderr is, and what the user's variables say of it.
#ifndef CGO_LD_SHIM_SHIM_COMMANDS_TERMINAL_H_
#define CGO_LD_SHIM_SHIM_COMMANDS_TERMINAL_H_

#include "report/text.h"

namespace cgo_ld_shim::commands {

// Colour for a terminal, unless NO_COLOR is set (no-color.org) or CLICOLOR is 0; for anything when CLICOLOR_FORCE is
// set and not 0 (bixense.com/clicolors). The width is COLUMNS, the terminal's own, or 100.
report::TextOptions OutputOptions();
// The same for stderr; 80 columns where it is no terminal.
report::TextOptions ErrorOptions();

}  // namespace cgo_ld_shim::commands

#endif  // CGO_LD_SHIM_SHIM_COMMANDS_TERMINAL_H_
