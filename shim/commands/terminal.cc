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

bool WantsColour(int file) {
  if (!Variable("NO_COLOR").empty()) return false;
  const absl::string_view force = Variable("CLICOLOR_FORCE");
  if (!force.empty() && force != "0") return true;
  return ::isatty(file) == 1 && Variable("CLICOLOR") != "0" && Variable("TERM") != "dumb";
}

report::TextOptions OptionsOf(int file, report::TextOptions options) {
  options.colour = WantsColour(file);
  int columns = 0;
  if (absl::SimpleAtoi(Variable("COLUMNS"), &columns) && columns > 0) {
    options.width = columns;
    return options;
  }
  struct winsize size = {};
  if (::ioctl(file, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) options.width = size.ws_col;
  return options;
}

}  // namespace

report::TextOptions OutputOptions() { return OptionsOf(STDOUT_FILENO, {}); }

report::TextOptions ErrorOptions() { return OptionsOf(STDERR_FILENO, report::NarrowScreen()); }

}  // namespace cgo_ld_shim::commands
