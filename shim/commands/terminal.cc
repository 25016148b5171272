#include "shim/commands/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"

namespace cgo_ld_shim::commands {
namespace {

absl::string_view Variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? absl::string_view() : absl::string_view(value);
}

bool WantsColour() {
  if (!Variable("NO_COLOR").empty()) return false;
  const absl::string_view force = Variable("CLICOLOR_FORCE");
  if (!force.empty() && force != "0") return true;
  return ::isatty(STDOUT_FILENO) == 1 && Variable("CLICOLOR") != "0" && Variable("TERM") != "dumb";
}

}  // namespace

report::TextOptions OutputOptions() {
  report::TextOptions options;
  options.colour = WantsColour();
  int columns = 0;
  if (absl::SimpleAtoi(Variable("COLUMNS"), &columns) && columns > 0) {
    options.width = columns;
    return options;
  }
  struct winsize size = {};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) options.width = size.ws_col;
  return options;
}

}  // namespace cgo_ld_shim::commands
