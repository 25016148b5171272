// The files of a case, described tersely in YAML: a path and what stands there.
//
//   go-link-1/000000.o: { defines: [_cgo_1_Cfunc_f], needs: [f, weak g] }
//   src/libf.a:         { members: { f.o: { defines: [f], needs: [tls h] }, g.o: { defines: [common buffer] } } }
//   src/libf.so:        { shared: libf.so.1, needed: [libc.so.6], defines: [f] }
//   src/link.a:         { text: "INPUT(libf.a)" }
//   bin/dpkg-query:     { script: "#!/bin/sh\necho …" }
//
// What an object may have (all optional): `defines` and `needs`, names with words before them (weak, hidden, data, tls,
// common, ifunc, unique, local, comdat; a reference may be weak, hidden or tls); `machine` (x86-64, 386, arm64, arm,
// mipsle, riscv64, …); `sections`, names of empty ones; `comment`, the text of .comment; or `mach-o: arm64` with
// `defines` and `needs` for macOS; or `yaml`, the whole for yaml2obj. A shared library has `shared` (its soname),
// `needed`, `defines` (functions, and `data x`). Instead of any of these: `text`, `script` (text that can be run),
// `link` (a symbolic link), `cut: N` beside `members` (an archive that ends N bytes early), `absent: true` (a file of
// the driver's that this case does not have).
#ifndef CGO_LD_SHIM_TESTS_GOLDEN_FILES_H_
#define CGO_LD_SHIM_TESTS_GOLDEN_FILES_H_

#include <map>
#include <string>

#include "tests/golden/yaml_value.h"

namespace cgo_ld_shim::golden {

struct File {
  std::string bytes;
  std::string link;         // not empty: a symbolic link to this
  bool executable = false;  // may be run
};

// Adds the described files to `files`, in the place of those that are there. A description that means nothing ends the
// test program with its path.
void AddFiles(const Value& description, std::map<std::string, File>* files);

// Finished programs, for a scripted driver to put in the place of its output: "static", "static-pie" or "dynamic".
std::string MakeProgram(absl::string_view mode);

}  // namespace cgo_ld_shim::golden

#endif  // CGO_LD_SHIM_TESTS_GOLDEN_FILES_H_
