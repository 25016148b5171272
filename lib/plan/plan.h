// What will the linker read, in which order? A plan is the driver's link line with every -l resolved to a file, opened
// and recognised by content: the compiler's crt files first, then what the user gave, then the compiler's own
// libraries.
//
// Example:
//   LinkPlan plan = Build(call, toolchain);
//   for (const PlanInput& input : plan.inputs) if (input.path.empty()) …   // -lfoo was not found as an archive
//
// A missing file is data here (`path` empty, `problem` says why), never an error: all of them are explained together.
#ifndef CGO_LD_SHIM_PLAN_PLAN_H_
#define CGO_LD_SHIM_PLAN_PLAN_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "invocation/invocation.h"
#include "symbols/symbols.h"
#include "toolchain/toolchain.h"

namespace cgo_ld_shim::plan {

enum class Origin { kToolchain, kGiven, kAdded };

// Opens each file once; archives are shared between the plan and the resolver's searches. Not thread-safe.
class FileCache {
 public:
  // The file, opened and recognised; the error of the first try is kept and returned again.
  const absl::StatusOr<symbols::InputFile>& Open(const std::string& path);

 private:
  std::map<std::string, absl::StatusOr<symbols::InputFile>> files_;
};

// One thing that the linker reads.
struct PlanInput {
  Origin origin = Origin::kGiven;
  int argument = -1;                      // index in Invocation::arguments; -1: not of the command line
  std::vector<std::string> words;         // as the driver's line names it: {"-lz"}, {"/x/libfoo.a"}
  std::vector<std::string> asked;         // the user's own words, where another file took the place of what they name
  std::string library;                    // NAME of -lNAME (":libz.a" for -l:libz.a); empty: named by path
  std::string path;                       // the file; empty: no archive or object was found
  std::string in_place_of;                // of what stands in an archive's place: the archive; empty: nothing is
  bool copied = false;                    // that is what we made of it, and not a neighbour of its
  std::string shared;                     // -l that is only there as a shared library: its path
  std::string problem;                    // why there is no usable file, in words; empty: there is
  bool absent = false;                    // with `problem`: there is no such file, rather than one that fails us
  std::vector<symbols::InputFile> files;  // the file, or those that a linker script names
  bool whole_archive = false;             // inside --whole-archive
  int group = -1;                         // inside --start-group: the group's number

  bool IsArchive() const { return !files.empty() && files[0].kind == symbols::FileKind::kArchive; }
  bool IsObject() const { return !files.empty() && files[0].kind == symbols::FileKind::kObject; }
  // The words by which the user knows it.
  const std::vector<std::string>& AskedBy() const { return asked.empty() ? words : asked; }
  // True when a member of its archives defines `symbol`, by their index.
  bool Offers(absl::string_view symbol) const;
};

struct LinkPlan {
  std::vector<PlanInput> inputs;
  std::vector<std::string> user_dirs;  // the user's -L directories that are not the compiler's own, in order
  std::vector<std::string> all_dirs;   // user_dirs, then the compiler's
  bool positional = false;             // the user's line has --start-group, --whole-archive or the like: order is his
  std::vector<std::string> defined;    // symbols that options define: --defsym=X=…
  std::vector<std::string> wanted;     // symbols that options ask for: -u X
  std::vector<std::string> wrapped;    // --wrap=X
  std::vector<std::string> set_aside;  // archives of which one must be meant, but which? Never added (variants.h)
  bool allow_undefined = false;        // --unresolved-symbols=ignore-…, -z undefs, --noinhibit-exec
  bool allow_multiple = false;         // --allow-multiple-definition, -z muldefs

  // The path of what Go's linker wrote, go.o; empty: the link is not Go's.
  std::string GoObject() const;
};

// `named_dirs`: where a library that the user names by -l is looked for last, and nothing else ever is.
LinkPlan Build(const invocation::Invocation& call, const toolchain::Toolchain& toolchain, FileCache* cache,
               const std::vector<std::string>& named_dirs = {});

// Fills path, shared, problem and files of a -lNAME input from `dirs`, looking for archives only (as a linker under
// -static).
void ResolveLibrary(const std::vector<std::string>& dirs, FileCache* cache, PlanInput* input);
// The same for an input by path.
void ResolvePath(const std::string& path, const std::vector<std::string>& dirs, FileCache* cache, PlanInput* input);

}  // namespace cgo_ld_shim::plan

#endif  // CGO_LD_SHIM_PLAN_PLAN_H_
