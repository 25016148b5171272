// Which C library and C++ runtime are in a program, and what of them the program uses: from names where there is a
// symbol table, otherwise from constants that no other library has.
//
// Measured with glibc 2.36 and musl 1.2.5: glibc's crt1.o has an ABI note and its libc the names of its tunables;
// musl's strerror says "No error information". glibc's banner ("stable release version") is in a program only when that
// asks for the version. A static glibc program with name look-ups always contains dlopen and setlocale, one with
// iostreams also iconv_open: who uses them cannot be seen from the name.
#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "inspect/read_parts.h"
#include "llvm/ADT/StringRef.h"
#include "rules/rule_id.h"

namespace cgo_ld_shim::inspect {

using target::LibcFamily;

namespace {

constexpr char kNssConstructor[] = "cgo_ld_shim_nss_files";
constexpr char kStubPrefix[] = "__cgo_ld_shim_stub_";
constexpr char kOurNotes[] = "cgo-ld-shim";  // lib/objects/nss_files.c writes it

// "_cgo_4bcd2e_Cfunc_dlopen", "_cgo_4bcd2e_C2func_getaddrinfo": what Go code calls, by cmd/cgo's naming. Empty: another
// name.
absl::string_view CalledFromGo(absl::string_view name) {
  if (!absl::StartsWith(name, "_cgo_")) return "";
  for (absl::string_view part : {"_Cfunc_", "_C2func_"}) {
    const size_t at = name.find(part);
    if (at != absl::string_view::npos) return name.substr(at + part.size());
  }
  return "";
}

bool Contains(absl::string_view bytes, absl::string_view mark) { return absl::StrContains(bytes, mark); }

// "GNU C Library (Debian GLIBC 2.36-9) stable release version 2.36.\n" → "2.36"
std::string BannerVersion(absl::string_view bytes) {
  const size_t banner = bytes.find("GNU C Library (");
  if (banner == absl::string_view::npos) return "";
  constexpr absl::string_view kBefore = "release version ";
  absl::string_view rest = bytes.substr(banner, 200);
  const size_t at = rest.find(kBefore);
  if (at == absl::string_view::npos) return "";
  rest.remove_prefix(at + kBefore.size());
  size_t end = 0;
  while (end < rest.size() && (absl::ascii_isdigit(rest[end]) || rest[end] == '.')) ++end;
  return std::string(absl::StripSuffix(rest.substr(0, end), "."));
}

}  // namespace

const std::vector<UseRow>& UseRows() {
  static const auto* rows = new std::vector<UseRow>{
      {"names",
       {"getaddrinfo",    "getnameinfo",      "getpwnam_r",     "getpwuid_r",      "getgrnam_r",    "getgrgid_r",
        "getgrouplist",   "initgroups",       "getpwnam",       "getpwuid",        "getgrnam",      "getgrgid",
        "getpwent",       "getpwent_r",       "getgrent",       "getgrent_r",      "gethostbyname", "gethostbyname_r",
        "gethostbyname2", "gethostbyname2_r", "gethostbyaddr",  "gethostbyaddr_r", "getservbyname", "getservbyname_r",
        "getservbyport",  "getservbyport_r",  "getprotobyname", "getprotobyname_r"}},
      {"dlopen", {"dlopen", "dlmopen"}},
      {"iconv", {"iconv_open"}},
      {"locale", {"setlocale", "newlocale"}},
  };
  return *rows;
}

const UseRow* UseOf(absl::string_view symbol) {
  for (const UseRow& row : UseRows()) {
    if (std::find(row.symbols.begin(), row.symbols.end(), symbol) != row.symbols.end()) return &row;
  }
  return nullptr;
}

void AddSymbol(absl::string_view symbol, Use* use) {
  if (std::find(use->symbols.begin(), use->symbols.end(), symbol) != use->symbols.end()) return;
  const UseRow* row = UseOf(symbol);
  const auto rank = [row](absl::string_view name) {
    return row == nullptr ? 0 : std::find(row->symbols.begin(), row->symbols.end(), name) - row->symbols.begin();
  };
  const auto after = std::find_if(use->symbols.begin(), use->symbols.end(),
                                  [&](const std::string& other) { return rank(other) > rank(symbol); });
  use->symbols.insert(after, std::string(symbol));
}

RuntimeMarks::Seen& RuntimeMarks::SeenOf(absl::string_view what) {
  for (auto& [name, seen] : seen_) {
    if (name == what) return seen;
  }
  return seen_.emplace_back(std::string(what), Seen()).second;
}

void RuntimeMarks::Symbol(absl::string_view name) {
  any_symbol_ = true;
  if (name.empty()) return;
  const char first = name.front();
  // Programs have 100,000 symbols, and few of them begin with these letters.
  if (first == '_') {
    glibc_symbol_ |=
        name == "__libc_start_main_impl" || name == "__libc_setup_tls" || name == "_dl_relocate_static_pie";
    musl_symbol_ |= name == "__init_libc" || name == "__libc_start_init" || name == "libc_start_init";
    libstdcxx_ |= absl::StartsWith(name, "_ZNSt7__cxx11") || name == "_ZSt4cout" ||
                  absl::StartsWith(name, "_ZSt20__throw") || absl::StartsWith(name, "_ZSt17__throw") ||
                  absl::StartsWith(name, "_ZSt19__throw") || name == "_ZN9__gnu_cxx27__verbose_terminate_handlerEv";
    libcxx_ |= absl::StartsWith(name, "_ZNSt3__1") || absl::StartsWith(name, "_ZNKSt3__1");
    if (absl::StartsWith(name, kStubPrefix)) stubs_.emplace_back(name.substr(sizeof kStubPrefix - 1));
    const absl::string_view called = CalledFromGo(name);
    if (called.empty()) return;
    if (const UseRow* row = UseOf(called)) {
      Seen& seen = SeenOf(row->what);
      seen.symbols.emplace_back(called);
      seen.from_go = true;
    }
    return;
  }
  if (first == 'c') nss_files_ |= name == kNssConstructor;
  if (first != 'g' && first != 'd' && first != 'i' && first != 's' && first != 'n') return;
  if (const UseRow* row = UseOf(name)) SeenOf(row->what).symbols.emplace_back(name);
}

void RuntimeMarks::Data(absl::string_view bytes) {
  if (glibc_version_.empty()) glibc_version_ = BannerVersion(bytes);
  glibc_data_ = glibc_data_ || Contains(bytes, "glibc.malloc.") || Contains(bytes, "GLIBC_TUNABLES");
  musl_data_ = musl_data_ || Contains(bytes, absl::string_view("\0No error information\0", 22));
  nss_data_ = nss_data_ || Contains(bytes, "libnss_%s.so");
  libcxx_data_ = libcxx_data_ || Contains(bytes, "NSt3__1") || Contains(bytes, "libc++abi: ");
  libstdcxx_data_ = libstdcxx_data_ || Contains(bytes, "NSt7__cxx11") ||
                    Contains(bytes, "terminate called after throwing an instance");
}

void RuntimeMarks::Note(absl::string_view owner, uint32_t type, absl::string_view content) {
  constexpr uint32_t kAbiTag = 1;
  if (owner == "GNU" && type == kAbiTag) abi_tag_ = true;
  if (owner == kOurNotes && absl::StartsWith(content, Name(rules::RuleId::kNssFiles))) nss_files_ = true;
}

void RuntimeMarks::Conclude(BinaryFacts* facts) {
  if (!facts->libc && facts->IsStatic()) {
    if (glibc_symbol_) {
      facts->libc.family = LibcFamily::kGlibc;
    } else if (musl_symbol_) {
      facts->libc.family = LibcFamily::kMusl;
    } else if (abi_tag_ || glibc_data_) {
      facts->libc.family = LibcFamily::kGlibc;
    } else if (musl_data_) {
      facts->libc.family = LibcFamily::kMusl;
    }
  }
  if (facts->libc.IsGlibc() && facts->libc.version.empty() && facts->IsStatic()) facts->libc.version = glibc_version_;
  if (facts->cxx_runtime.empty()) {
    if (libstdcxx_ || (!any_symbol_ && libstdcxx_data_)) facts->cxx_runtime = "libstdc++";
    if (libcxx_ || (!any_symbol_ && libcxx_data_ && !libstdcxx_data_)) facts->cxx_runtime = "libc++";
  }
  facts->nss_files = nss_files_;
  std::sort(stubs_.begin(), stubs_.end());
  stubs_.erase(std::unique(stubs_.begin(), stubs_.end()), stubs_.end());
  facts->stubs = stubs_;

  for (const UseRow& row : UseRows()) {
    Seen& seen = SeenOf(row.what);
    Use use{.what = row.what};
    for (const std::string& symbol : seen.symbols) AddSymbol(symbol, &use);
    if (seen.from_go) use.users.emplace_back("Go code");
    const bool stripped_nss = use.what == "names" && use.symbols.empty() && nss_data_ && facts->libc.IsGlibc();
    // Nothing in musl calls dlopen or iconv_open for itself, and nothing anywhere looks names up unasked.
    const bool nobody_else =
        use.what == "names" || (facts->libc.IsMusl() && (use.what == "dlopen" || use.what == "iconv"));
    if (seen.from_go || (nobody_else && !use.symbols.empty()) || (!use.symbols.empty() && !facts->IsStatic())) {
      use.certainty = Certainty::kUsed;
    } else if (!use.symbols.empty() || stripped_nss) {
      use.certainty = Certainty::kPresent;
    }
    facts->uses.push_back(std::move(use));
  }
}

}  // namespace cgo_ld_shim::inspect
