// The libraries and objects that a link's line names, for links of which there is no plan: those that zig does by
// itself.
//
// Example:
//   const GivenFiles files(call, cwd);
//   files.Find("libx.a(x.o)")->word     // "-lx"
//   files.WithMember("zutil.o")->path   // "/usr/lib/x86_64-linux-gnu/libz.a"
//   GivenFiles::WhatIs(path)            // "ELF objects for x86-64, as Linux and the BSDs have them"
//
// Owns what it returns. Nothing fails: a file that cannot be read is none.
#ifndef CGO_LD_SHIM_DIAGNOSE_GIVEN_FILES_H_
#define CGO_LD_SHIM_DIAGNOSE_GIVEN_FILES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "invocation/invocation.h"
#include "symbols/symbols.h"

namespace cgo_ld_shim::diagnose {

struct GivenFile {
  std::string path;
  std::string word;  // "-lz"; empty: named by path
};

// The file of "/x/libx.a(x.o)".
absl::string_view FileOf(absl::string_view unit);

class GivenFiles {
 public:
  GivenFiles(const invocation::Invocation& call, const std::string& cwd);

  const std::vector<GivenFile>& all() const { return files_; }
  const std::vector<std::string>& directories() const { return directories_; }  // of -L; absolute, each once

  // The file that a unit is of, which zig names by its path, by a part of that, or by its last word alone; nullptr:
  // none.
  const GivenFile* Find(absl::string_view unit) const;
  // "/x/npymath.lib(np.obj)" of "python311": the first object that asks for a library by itself (symbols/
  // coff_directives.h), and its file; nullptr: none does.
  struct Asking {
    const GivenFile* file = nullptr;
    std::string unit;
  };
  Asking AskingFor(absl::string_view library) const;
  // The archive with a member of this name.
  const GivenFile* WithMember(absl::string_view name) const;

  // Kind and machine of the first object in a file that is one of some system's; nullopt: there is none.
  static std::optional<symbols::Object> FirstObject(const std::string& path);
  // The same in words; empty: there is none.
  static std::string WhatIs(const std::string& path);

 private:
  void AddLibrary(const std::string& name);

  std::vector<std::string> directories_;
  std::vector<GivenFile> files_;
};

}  // namespace cgo_ld_shim::diagnose

#endif  // CGO_LD_SHIM_DIAGNOSE_GIVEN_FILES_H_
