#include "invocation/underlying.h"

#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string_view>

#include "invocation/fixed_text.h"
#include "support/path.h"
#include "support/setting_rows.h"
#include "support/words.h"

namespace cgo_ld_shim::invocation {
namespace {

using support::FindVariable;
using support::NextWord;
using support::WordResult;

// Which file we are, whatever it is called: symbolic and hard links to us have the same identity.
struct Self {
  bool found = false;
  dev_t device = 0;
  ino_t inode = 0;

  static Self Find() {
    struct stat st;
    Self self;
    // /proc may not be mounted in a container; the kernel also leaves the name here, as a number.
    const char* started_as =
        reinterpret_cast<const char*>(::getauxval(AT_EXECFN));  // NOLINT(performance-no-int-to-ptr)
    self.found = ::stat("/proc/self/exe", &st) == 0 || (started_as != nullptr && ::stat(started_as, &st) == 0);
    if (self.found) {
      self.device = st.st_dev;
      self.inode = st.st_ino;
    }
    return self;
  }

  bool Is(const struct stat& st) const { return found && st.st_dev == device && st.st_ino == inode; }
};

bool IsProgram(const char* path, struct stat* st) {
  return ::stat(path, st) == 0 && S_ISREG(st->st_mode) && ::access(path, X_OK) == 0;
}

// Puts words one behind the other into UnderlyingCompiler::text.
class WordStore {
 public:
  explicit WordStore(UnderlyingCompiler* compiler) : compiler_(compiler) {}

  size_t room() const { return sizeof compiler_->text - used_; }
  char* next() { return compiler_->text + used_; }

  // Keeps the string that the caller wrote to next() as one more word.
  bool Keep() {
    if (compiler_->count == UnderlyingCompiler::kMaxWords) return false;
    compiler_->words[compiler_->count++] = next();
    used_ += std::strlen(next()) + 1;
    return true;
  }

  bool Add(std::string_view word) {
    if (word.size() + 2 > room()) return false;
    FixedText(next(), room()).Append(word);
    return Keep();
  }

 private:
  UnderlyingCompiler* const compiler_;
  size_t used_ = 0;
};

// Writes the path of program `name` into `out`; false when no directory of `path` has one that is not ourselves.
// Relative directories are passed over: go runs its compiler in another directory each time.
bool SearchPath(std::string_view path, std::string_view name, const Self& self, char* out, size_t capacity) {
  while (true) {
    const size_t colon = path.find(':');
    const std::string_view directory = path.substr(0, colon);
    if (!directory.empty() && directory[0] == '/') {
      FixedText candidate(out, capacity);
      candidate.Append(directory).Append("/").Append(name);
      struct stat st;
      if (!candidate.overflowed() && IsProgram(out, &st) && !self.Is(st)) return true;
    }
    if (colon == std::string_view::npos) return false;
    path.remove_prefix(colon + 1);
  }
}

// gcc → g++, keeping what stands around it: /opt/bin/x-gcc-12, clang-19, cc. The name must be a whole part between
// dashes, with at most a version behind it (gcc12), so that ccache and distcc are nobody's partners.
struct Partner {
  std::string_view c;
  std::string_view cxx;
};
constexpr Partner kPartners[] = {{"gcc", "g++"}, {"clang", "clang++"}, {"cc", "c++"}};

bool WritePartner(std::string_view word, FixedText* out) {
  const size_t base = word.rfind('/') + 1;  // 0 without a slash
  for (size_t begin = base; begin < word.size();) {
    size_t end = word.find('-', begin);
    if (end == std::string_view::npos) end = word.size();
    const std::string_view part = word.substr(begin, end - begin);
    for (const Partner& partner : kPartners) {
      if (!part.starts_with(partner.c)) continue;
      const std::string_view version = part.substr(partner.c.size());
      if (version.find_first_not_of("0123456789.") != std::string_view::npos) continue;
      out->Append(word.substr(0, begin)).Append(partner.cxx).Append(version).Append(word.substr(end));
      return true;
    }
    begin = end + 1;
  }
  return false;
}

struct Search {
  std::string_view path;
  Self self;
};

bool Exists(std::string_view program, const Search& search) {
  char path[4096];
  if (program.find('/') == std::string_view::npos) {
    return SearchPath(search.path, program, search.self, path, sizeof path);
  }
  struct stat st;
  return IsProgram(FixedText(path, sizeof path).Append(program).c_str(), &st);
}

// The words of `command`, the value of `variable`; with `to_partner`, a C compiler among them becomes its C++ partner.
bool ReadCommand(const char* variable, std::string_view command, bool to_partner, const Search& search,
                 UnderlyingCompiler* out, FixedText* message) {
  WordStore store(out);
  std::string_view rest = command, word;
  while (true) {
    const WordResult result = NextWord(&rest, &word);
    if (result == WordResult::kEnd) return true;
    if (result == WordResult::kUnterminated) {
      message->Append(variable).Append(": nothing closes the quote ").Append(rest.substr(0, 1));
      message->Append(" in ").Append(rest);
      return false;
    }
    char partner[4096];
    FixedText partner_text(partner, sizeof partner);
    if (to_partner && WritePartner(word, &partner_text)) {
      to_partner = false;  // only the first: `ccache gcc` has one compiler
      // The cc of `zig cc` is a command, not a program; any other compiler keeps its C name when its partner is not
      // there.
      const bool is_command = out->count > 0 && word == "cc";
      const std::string_view partner_word = {partner_text.c_str(), partner_text.size()};
      if (is_command || Exists(partner_word, search)) word = partner_word;
    }
    bool kept;
    if (out->count > 0 || word.find('/') != std::string_view::npos) {
      kept = store.Add(word);
    } else if (SearchPath(search.path, word, search.self, store.next(), store.room())) {
      kept = store.Keep();
    } else {
      message->Append(word).Append(", which ").Append(variable).Append(" names, is not in PATH (").Append(search.path);
      message->Append(")");
      return false;
    }
    if (!kept) {
      message->Append(variable).Append(" is too long");
      return false;
    }
  }
}

// False when the compiler's path cannot be it: relative, missing, or ourselves.
bool CheckPath(const char* variable, const Search& search, const UnderlyingCompiler& compiler, FixedText* message) {
  const char* path = compiler.words[0];
  struct stat st;
  if (path[0] != '/') {
    message->Append(path).Append(", which ").Append(variable);
    message->Append(" names, is a relative path; go runs it in other directories, so give all of it");
    return false;
  }
  if (::stat(path, &st) != 0) {
    message->Append(path).Append(", which ").Append(variable).Append(" names, is not there");
    return false;
  }
  if (search.self.Is(st)) {
    message->Append(path).Append(", which ").Append(variable);
    message->Append(" names, is cgo-ld-shim itself; name the compiler that does the work, such as gcc");
    return false;
  }
  return true;
}

struct Defaults {
  const char* names[3];
  const char* language;
  const char* variable;
  const char* install;
};
constexpr Defaults kDefaults[] = {
    {{"gcc", "clang", "cc"}, "C", "CGO_LD_SHIM_CC", "apt-get install gcc libc6-dev"},
    {{"g++", "clang++", "c++"}, "C++", "CGO_LD_SHIM_CXX", "apt-get install g++"},
};

}  // namespace

bool FindUnderlyingCompiler(const char* const* envp, bool cxx, UnderlyingCompiler* out) {
  const char* path = FindVariable(envp, "PATH");
  const Search search = {path != nullptr ? path : support::kDefaultPath, Self::Find()};
  FixedText message(out->message, sizeof out->message);
  out->count = 0;
  out->named = false;
  out->error = out->message;

  const char* const c_variable = kDefaults[0].variable;
  const char* const cxx_variable = kDefaults[1].variable;
  const char* variable = cxx ? cxx_variable : c_variable;
  const char* command = FindVariable(envp, variable);
  const bool to_partner = cxx && command == nullptr;
  if (to_partner) {
    variable = c_variable;
    command = FindVariable(envp, variable);
  }
  if (command != nullptr) {
    const char* source = FindVariable(envp, variable == c_variable ? support::kCcSource : support::kCxxSource);
    if (source != nullptr) variable = source;
    if (!ReadCommand(variable, command, to_partner, search, out, &message)) return false;
    if (out->count > 0) {
      if (!CheckPath(variable, search, *out, &message)) return false;
      out->words[out->count] = nullptr;
      out->error = nullptr;
      out->named = true;
      return true;
    }
    // Only spaces: as Go does with CC, the same as unset.
  }

  const Defaults& defaults = kDefaults[cxx ? 1 : 0];
  WordStore store(out);
  for (const char* name : defaults.names) {
    if (!SearchPath(search.path, name, search.self, store.next(), store.room())) continue;
    store.Keep();
    out->words[out->count] = nullptr;
    out->error = nullptr;
    return true;
  }
  message.Append("no ").Append(defaults.language).Append(" compiler was found: none of ").Append(defaults.names[0]);
  message.Append(", ").Append(defaults.names[1]).Append(", ").Append(defaults.names[2]).Append(" is in PATH (");
  message.Append(search.path).Append("); install one (").Append(defaults.install).Append(") or set ");
  message.Append(defaults.variable).Append(" to the compiler to use");
  return false;
}

int CallDepth(const char* const* envp) {
  const char* text = FindVariable(envp, support::kDepthVariable);
  int depth = 0;
  for (; text != nullptr && *text >= '0' && *text <= '9' && depth < 1000; ++text) depth = depth * 10 + (*text - '0');
  return depth;
}

}  // namespace cgo_ld_shim::invocation
