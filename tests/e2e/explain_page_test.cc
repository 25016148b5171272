// explain's page, drawing and record of real links.
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "llvm/Support/JSON.h"
#include "tests/e2e/harness.h"

namespace cgo_ld_shim::e2e {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string Explain(const std::string& binary, const std::vector<std::string>& options) {
  std::vector<std::string> argv = {Shim(), "explain", binary};
  argv.insert(argv.end(), options.begin(), options.end());
  const ProcessResult result = RunProgram(argv);
  EXPECT_TRUE(Succeeded(result));
  EXPECT_EQ(result.error, "");
  return result.output;
}

TEST(ExplainPageTest, TellsAStaticLinkOnOnePage) {
  const GoBuild build = BuildGo("cxx", {absl::StrCat("CXX=", ShimCxx())});
  ASSERT_TRUE(Succeeded(build.go));
  const std::string file = build.directory + "/page.html";
  EXPECT_EQ(Explain(build.binary, {"--html", file}), "");
  const std::string page = ReadText(file);
  EXPECT_TRUE(absl::StartsWith(page, "<!DOCTYPE html>\n")) << page;
  EXPECT_THAT(page, HasSubstr("static executable"));
  EXPECT_THAT(page, HasSubstr("<span class=\"tag\">force-static</span>"));
  EXPECT_THAT(page, HasSubstr("<b>libstdc++.a</b>"));
  EXPECT_THAT(page, HasSubstr("<svg class=\"shim-graph\""));
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_EQ(Explain(build.binary, {"--html", "-"}), page) << "the same record, the same bytes";
}

TEST(ExplainPageTest, DrawsAndTellsWhatAScriptReads) {
  const GoBuild build = BuildGo("demo");
  ASSERT_TRUE(Succeeded(build.go));
  const std::string svg = Explain(build.binary, {"--graph"});
  EXPECT_TRUE(absl::StartsWith(svg, "<svg ")) << svg;
  EXPECT_THAT(svg, HasSubstr(">your program</text>"));
  llvm::Expected<llvm::json::Value> json = llvm::json::parse(Explain(build.binary, {"--json"}));
  ASSERT_TRUE(static_cast<bool>(json)) << llvm::toString(json.takeError());
  EXPECT_EQ(json->getAsObject()->getString("mode").value_or(""), "static");
}

// explain --html ./program, where somebody forgot the file's name.
TEST(ExplainPageTest, IsNotWrittenOverTheProgram) {
  const GoBuild build = BuildGo("hello");
  ASSERT_TRUE(Succeeded(build.go));
  const std::string before = ReadText(build.binary);
  const ProcessResult result = RunProgram({Shim(), "explain", "--html", build.binary});
  EXPECT_TRUE(Refused(result));
  EXPECT_THAT(result.error, HasSubstr("is a program or a library: it is not written over"));
  EXPECT_EQ(ReadText(build.binary), before);
  // Nor over a program for another system.
  const std::string module = MakeModule({{"main.go", "package main\n\nfunc main() {}\n"}});
  for (const char* system : {"windows", "darwin"}) {
    const GoBuild other = BuildIn(module, {absl::StrCat("GOOS=", system), "CGO_ENABLED=0"});
    const std::string bytes = ReadText(other.binary);
    EXPECT_TRUE(Refused(RunProgram({Shim(), "explain", build.binary, "--html", other.binary})));
    EXPECT_EQ(ReadText(other.binary), bytes);
  }
}

TEST(ExplainPageTest, TellsAFailure) {
  const std::string module = MakeModule(
      {{"main.go", "package main\n\n// void gone_away(void);\nimport \"C\"\n\nfunc main() { C.gone_away() }\n"}});
  EXPECT_TRUE(Refused(BuildIn(module).go));
  const std::string page = Explain("last", {"--html", "-"});
  EXPECT_THAT(page, HasSubstr("not linked"));
  EXPECT_THAT(page, HasSubstr("gone_away"));
}

}  // namespace
}  // namespace cgo_ld_shim::e2e
