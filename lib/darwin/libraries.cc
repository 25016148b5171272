#include "darwin/libraries.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace cgo_ld_shim::darwin {
namespace {

// What -lNAME stands for in Apple's SDK: the version is in the file's name, and there are stubs for these alone.
struct LibraryRow {
  const char* name;
  const char* install_name;
};
constexpr LibraryRow kLibraries[] = {
    {"bsm", "/usr/lib/libbsm.0.dylib"},
    {"bz2", "/usr/lib/libbz2.1.0.dylib"},
    {"compression", "/usr/lib/libcompression.dylib"},
    {"cups", "/usr/lib/libcups.2.dylib"},
    {"curl", "/usr/lib/libcurl.4.dylib"},
    {"edit", "/usr/lib/libedit.3.dylib"},
    {"expat", "/usr/lib/libexpat.1.dylib"},
    {"ffi", "/usr/lib/libffi.dylib"},
    {"iconv", "/usr/lib/libiconv.2.dylib"},
    {"ncurses", "/usr/lib/libncurses.5.4.dylib"},
    {"objc", "/usr/lib/libobjc.A.dylib"},
    {"pam", "/usr/lib/libpam.2.dylib"},
    {"pcap", "/usr/lib/libpcap.A.dylib"},
    {"resolv", "/usr/lib/libresolv.9.dylib"},
    {"sandbox", "/usr/lib/libsandbox.1.dylib"},
    {"sqlite3", "/usr/lib/libsqlite3.dylib"},
    {"xml2", "/usr/lib/libxml2.2.dylib"},
    {"xslt", "/usr/lib/libxslt.1.dylib"},
    {"z", "/usr/lib/libz.1.dylib"},
};

constexpr const char* kLibSystem[] = {"System", "System.B", "c",    "m",      "pthread", "dl",
                                      "info",   "dbm",      "poll", "rpcsvc", "proc",    "util"};

// How a library's symbols begin. A prefix that ends in a capital's place ("_Sec^") wants a capital letter there, so
// that _Secure is nobody's. `except` are longer beginnings that belong to another library.
struct FamilyRow {
  const char* library;
  const char* prefix;
  const char* except[6];
};
constexpr FamilyRow kFamilies[] = {
    {"CoreFoundation", "_CF^", {"_CFNetwork", "_CFHTTP", "_CFHost", "_CFProxy", "_CFNetService", "_CFFTP"}},
    {"CoreFoundation", "_kCF^", {"_kCFNetwork", "_kCFHTTP", "_kCFHost", "_kCFProxy", "_kCFNetService", "_kCFFTP"}},
    {"CoreFoundation", "___CFConstantStringClassReference", {}},
    {"CFNetwork", "_CFNetwork", {}},
    {"CFNetwork", "_kCFNetwork", {}},
    {"CFNetwork", "_CFHTTP", {}},
    {"CFNetwork", "_kCFHTTP", {}},
    {"Security", "_Sec^", {}},
    {"Security", "_kSec^", {}},
    {"resolv", "_res_9_", {}},
    {"resolv", "_ns_", {}},
    {"resolv", "_dn_", {}},
    {"SystemConfiguration", "_SC^", {}},
    {"SystemConfiguration", "_kSC^", {}},
    {"IOKit", "_IO^", {}},
    {"IOKit", "_kIO^", {}},
    {"CoreServices", "_FSEvent", {}},
    {"CoreServices", "_kFSEvent", {}},
    {"CoreGraphics", "_CG^", {}},
    {"CoreGraphics", "_kCG^", {}},
    {"sqlite3", "_sqlite3_", {}},
    {"iconv", "_iconv", {}},
    {"iconv", "_libiconv", {}},
    {"pcap", "_pcap_", {}},
    {"objc", "_objc_", {}},
    {"objc", "__objc_", {}},
};

bool Begins(absl::string_view symbol, absl::string_view prefix) {
  const bool capital = absl::EndsWith(prefix, "^");
  if (capital) prefix.remove_suffix(1);
  if (!absl::StartsWith(symbol, prefix)) return false;
  return !capital ||
         (symbol.size() > prefix.size() && absl::ascii_isupper(static_cast<unsigned char>(symbol[prefix.size()])));
}

bool Fits(absl::string_view symbol, const FamilyRow& row) {
  return Begins(symbol, row.prefix) &&
         std::none_of(std::begin(row.except), std::end(row.except),
                      [&](const char* other) { return other != nullptr && absl::StartsWith(symbol, other); });
}

bool HasFamily(const std::string& library) {
  return std::any_of(std::begin(kFamilies), std::end(kFamilies),
                     [&](const FamilyRow& row) { return library == row.library; });
}

}  // namespace

std::optional<std::string> InstallName(const Library& library) {
  if (library.framework) {
    // Two keep the version letter of NeXTSTEP's third release; all others of Apple's are A.
    const char* version = library.name == "AppKit" || library.name == "Foundation" ? "C" : "A";
    return absl::StrCat("/System/Library/Frameworks/", library.name, ".framework/Versions/", version, "/",
                        library.name);
  }
  const auto* row = std::find_if(std::begin(kLibraries), std::end(kLibraries),
                                 [&](const LibraryRow& r) { return library.name == r.name; });
  if (row == std::end(kLibraries)) return std::nullopt;
  return row->install_name;
}

bool IsPartOfLibSystem(absl::string_view name) {
  return std::find(std::begin(kLibSystem), std::end(kLibSystem), name) != std::end(kLibSystem);
}

std::optional<Library> HomeOf(absl::string_view symbol, const std::vector<Library>& requested) {
  std::optional<Library> unknown;
  bool several = false;
  for (const Library& library : requested) {
    for (const FamilyRow& row : kFamilies) {
      if (library.name == row.library && Fits(symbol, row)) return library;
    }
    if (HasFamily(library.name)) continue;
    several |= unknown.has_value() && !(*unknown == library);
    unknown = library;
  }
  // Names of C++ and of compilers are those of run-time libraries, which zig brings.
  if (several || absl::StartsWith(symbol, "___") || absl::StartsWith(symbol, "__Z")) return std::nullopt;
  return unknown;
}

std::string SdkPartOfHeader(absl::string_view header) {
  constexpr const char* kFrameworks[] = {"AppKit",
                                         "ApplicationServices",
                                         "AudioToolbox",
                                         "AVFoundation",
                                         "Carbon",
                                         "CFNetwork",
                                         "Cocoa",
                                         "CoreAudio",
                                         "CoreFoundation",
                                         "CoreGraphics",
                                         "CoreLocation",
                                         "CoreMIDI",
                                         "CoreServices",
                                         "CoreText",
                                         "CoreVideo",
                                         "CoreWLAN",
                                         "DiskArbitration",
                                         "Foundation",
                                         "GLKit",
                                         "Hypervisor",
                                         "IOBluetooth",
                                         "IOKit",
                                         "LocalAuthentication",
                                         "Metal",
                                         "MetalKit",
                                         "OpenCL",
                                         "OpenGL",
                                         "QuartzCore",
                                         "Security",
                                         "ServiceManagement",
                                         "SystemConfiguration",
                                         "UserNotifications",
                                         "Virtualization",
                                         "vmnet",
                                         "WebKit"};
  const size_t slash = header.find('/');
  if (slash != absl::string_view::npos) {
    const absl::string_view first = header.substr(0, slash);
    if (std::find(std::begin(kFrameworks), std::end(kFrameworks), first) != std::end(kFrameworks))
      return absl::StrCat("the framework ", first);
    if (first == "objc" || first == "xpc" || first == "bsm" || first == "libxml" || first == "servers" ||
        first == "security")
      return absl::StrCat("the headers ", first, "/");
  }
  constexpr const char* kHeaders[] = {"bzlib.h", "curses.h",   "expat.h",     "iconv.h",   "ncurses.h",
                                      "pcap.h",  "resolv.h",   "sandbox.h",   "sqlite3.h", "zconf.h",
                                      "zlib.h",  "histedit.h", "membership.h"};
  if (std::find(std::begin(kHeaders), std::end(kHeaders), header) != std::end(kHeaders))
    return absl::StrCat("the header ", header);
  return "";
}

}  // namespace cgo_ld_shim::darwin
