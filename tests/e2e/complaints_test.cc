// What people post in public (tests/e2e/README.md), where no other test is about it.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "tests/e2e/harness.h"

namespace cgo_ld_shim::e2e {
namespace {

constexpr char kLookup[] = R"(package main

import (
	"fmt"
	"net"
)

func main() {
	addresses, err := net.LookupHost("localhost")
	fmt.Println(len(addresses) > 0, err)
}
)";

// Without cgo code of its own the program is linked by Go itself, and the flags of the environment reach only the link
// in which cgo looks for imports.
TEST(ComplaintsTest, StaticFlagsOfAProgramThatImportsNet) {
  const GoBuild build = BuildIn(MakeModule({{"main.go", kLookup}}), {"CGO_LDFLAGS=-static"});
  EXPECT_EQ(RunStatic(build).output, "true <nil>\n");
}

TEST(ComplaintsTest, ARustLibraryFindsItsUnwinder) {
  if (FindProgram("rustc").empty()) GTEST_SKIP() << "there is no rustc here";
  const std::string module = MakeModule({{"main.go", R"(package main

// #cgo LDFLAGS: -L${SRCDIR} -lcalm
// int calm(int);
import "C"

import "fmt"

func main() { fmt.Println(C.calm(1), C.calm(0)) }
)"},
                                         {"calm.rs", R"(
#[no_mangle]
pub extern "C" fn calm(x: i32) -> i32 {
    std::panic::set_hook(Box::new(|_| {}));
    std::panic::catch_unwind(|| if x == 0 { panic!("none") } else { 10 / x }).unwrap_or(-1)
}
)"}});
  ASSERT_TRUE(Succeeded(RunProgram({"rustc", "--crate-type=staticlib", "-O", absl::StrCat(module, "/calm.rs"), "-o",
                                    absl::StrCat(module, "/libcalm.a")})));
  EXPECT_EQ(RunStatic(BuildIn(module, {"CGO_LDFLAGS=-O2 -lgcc_eh"})).output, "10 -1\n");
  if (HasZig()) {
    EXPECT_EQ(RunStatic(BuildIn(module, {"CGO_LD_SHIM_LIBC=musl"})).output, "10 -1\n");
  }
}

// Go asks zig for neither, and a user for both: one that cannot matter, and one that our own linker knows.
TEST(ComplaintsTest, FlagsThatZigRefuses) {
  SKIP_WITHOUT_ZIG();
  const std::string module = MakeModule({{"main.go", R"(package main

// static int two(void) { return 2; }
import "C"

func main() { print(C.two()) }
)"}});
  const std::string zig = absl::StrCat(MakeTempDirectory(), "/zig");
  WriteProgram(zig,
               "#!/bin/sh\nif command -v zig > /dev/null; then exec zig \"$@\"; fi\nexec python3 -m ziglang \"$@\"\n");
  for (const char* flag : {"-Wl,--no-warn-rwx-segments", "-Wl,--unresolved-symbols=ignore-all"}) {
    const GoBuild build = BuildIn(module, {absl::StrCat("CGO_LD_SHIM_CC=", zig, " cc"),
                                           absl::StrCat("CGO_LDFLAGS=", flag), "CGO_LDFLAGS_ALLOW=.*"});
    EXPECT_EQ(RunStatic(build).error, "2") << flag;
  }
}

}  // namespace
}  // namespace cgo_ld_shim::e2e
