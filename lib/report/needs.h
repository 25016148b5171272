// What needs what in a link, by files: the program, the archives, and the libraries that are missing. For the drawing
// and the page of `explain`.
//
// Example:
//   const Needs needs = FindNeeds(Printable(record));
//   for (const NeedEdge& edge : needs.edges) … needs.nodes[edge.from].name, edge.symbols …
#ifndef CGO_LD_SHIM_REPORT_NEEDS_H_
#define CGO_LD_SHIM_REPORT_NEEDS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "report/record.h"

namespace cgo_ld_shim::report {

enum class NeedKind {
  kProgram,    // all objects that Go gave
  kGiven,      // an archive that the program names
  kAdded,      // one that was added
  kToolchain,  // one that the compiler adds to every link, and its start-up objects
  kMissing,    // what is not there, or only as a shared library
};

struct NeedNode {
  NeedKind kind = NeedKind::kGiven;
  std::string path;  // of the file; empty: the program, start-up code, or nobody
  std::string name;  // "libz.a", "your program"
  std::string as;    // "-lz": how the command line names it; may be empty
  uint64_t bytes = 0;
  size_t members = 0;  // of an archive, that are used
  size_t merged = 0;   // files that this stands for together (Condensed); 0: it is one file
};

// One file needs symbols of another.
struct NeedEdge {
  size_t from = 0, to = 0;           // places in `nodes`
  std::vector<std::string> symbols;  // demangled, without parameters, in order of appearance
  std::string by;                    // who needs the first: "libz.a(inflate.o)"
};

struct Needs {
  std::vector<NeedNode> nodes;  // the program first, then in the order of the link, what is missing last
  std::vector<NeedEdge> edges;  // ordered by (from, to)

  // The way from the program to a node, along the first file that needed each: edges in that order. Empty: nothing of
  // it is used, or it is there in any case.
  std::vector<const NeedEdge*> Chain(size_t node) const;
};

// At most about `most` nodes, for what is drawn: of each kind the smaller ones are one node together. A link of some
// thousand archives is otherwise a page that no browser shows.
Needs Condensed(Needs needs, size_t most);

// `record` as Printable gives it.
Needs FindNeeds(const LinkRecord& record);

}  // namespace cgo_ld_shim::report

#endif  // CGO_LD_SHIM_REPORT_NEEDS_H_
