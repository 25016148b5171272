#include "diagnose/zig_runtimes.h"

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "symbols/symbols.h"

namespace cgo_ld_shim::diagnose {
namespace {

bool Names(const invocation::Invocation& call, std::initializer_list<absl::string_view> libraries) {
  return std::any_of(call.arguments.begin(), call.arguments.end(), [&](const invocation::Argument& argument) {
    return argument.type == invocation::ArgType::kLibrary &&
           std::find(libraries.begin(), libraries.end(), argument.value) != libraries.end();
  });
}

}  // namespace

std::string Readable(const std::string& symbol, bool apple) {
  absl::string_view name = symbol;
  if (apple) absl::ConsumePrefix(&name, "_");
  return symbols::Demangle(name);
}

// With the C++ library's own ABI in them; libc++'s are in std::__1.
bool IsLibstdcxx(absl::string_view name) {
  for (const absl::string_view part : {"std::__cxx11::", "std::__throw_", "std::__detail::", "std::_Rb_tree",
                                       "std::__ostream_insert", "__gnu_cxx::", "std::_Hash_bytes"}) {
    if (absl::StrContains(name, part)) return true;
  }
  return false;
}

bool IsCxx(absl::string_view name) {
  for (const absl::string_view begin :
       {"operator new", "operator delete", "__cxa_", "__gxx_personality", "__dynamic_cast"}) {
    if (absl::StartsWith(name, begin)) return true;
  }
  for (const absl::string_view prefix :
       {"vtable for ", "typeinfo for ", "typeinfo name for ", "VTT for ", "guard variable for "})
    absl::ConsumePrefix(&name, prefix);
  return absl::StartsWith(name, "std::") || absl::StartsWith(name, "__cxxabiv1::") ||
         absl::StrContains(name, " std::__1::") || absl::StartsWith(name, "__gnu_cxx::");
}

bool IsUnwinding(absl::string_view name) { return absl::StartsWith(name, "_Unwind_"); }

std::vector<ZigRuntime> RuntimesWanted(absl::Span<const ZigComplaint> complaints, const invocation::Invocation& call) {
  ZigRuntime cxx{.library = "c++"}, unwind{.library = "unwind"};
  for (const ZigComplaint& complaint : complaints) {
    // Of a symbol's name alone it cannot be told whether it has macOS's underscore; none of these begins with two.
    const std::string name = Readable(complaint.subject, absl::StartsWith(complaint.subject, "__Z") ||
                                                             absl::StartsWith(complaint.subject, "___") ||
                                                             absl::StartsWith(complaint.subject, "__Unwind_"));
    const bool served =
        complaint.kind == ZigComplaint::Kind::kUndefined && !IsLibstdcxx(name) && (IsCxx(name) || IsUnwinding(name));
    if (!served) return {};
    ZigRuntime& runtime = IsCxx(name) ? cxx : unwind;
    if (runtime.evidence.size() < 3) runtime.evidence.push_back({complaint.subject, FirstUnit(complaint), ""});
  }
  std::vector<ZigRuntime> wanted;
  // zig's C++ library is of two parts, and its unwinder a third, which comes with them.
  if (!cxx.evidence.empty() && !Names(call, {"c++", "stdc++"})) {
    wanted.push_back(std::move(cxx));
  } else if (cxx.evidence.empty() && !unwind.evidence.empty() && !Names(call, {"unwind", "gcc_s", "gcc_eh"})) {
    wanted.push_back(std::move(unwind));
  }
  return wanted;
}

}  // namespace cgo_ld_shim::diagnose
