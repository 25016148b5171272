#include "tests/e2e/link_log.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "llvm/Support/Error.h"
#include "tests/e2e/harness.h"

namespace cgo_ld_shim::e2e {
namespace {

namespace json = llvm::json;

llvm::StringRef Ref(absl::string_view text) { return {text.data(), text.size()}; }

}  // namespace

std::string LinkRecord::Text(absl::string_view field) const {
  const auto text = json.getString(Ref(field));
  EXPECT_TRUE(text.has_value()) << "the record has no text " << field;
  return text ? text->str() : "";
}

const json::Array& LinkRecord::List(absl::string_view field) const {
  static const json::Array kNone;
  const json::Array* list = json.getArray(Ref(field));
  EXPECT_NE(list, nullptr) << "the record has no list " << field;
  return list == nullptr ? kNone : *list;
}

std::vector<std::string> LinkRecord::Texts(absl::string_view field) const {
  std::vector<std::string> texts;
  for (const json::Value& value : List(field)) texts.push_back(value.getAsString().value_or("").str());
  return texts;
}

std::vector<std::string> LinkRecord::Rules() const {
  std::vector<std::string> rules;
  for (const json::Value& value : List("rewrites")) {
    const json::Object* rewrite = value.getAsObject();
    rules.push_back(rewrite == nullptr ? "" : rewrite->getString("rule").value_or("").str());
  }
  return rules;
}

std::vector<LinkRecord> ReadLog(const std::string& path) {
  std::vector<LinkRecord> records;
  if (!std::filesystem::exists(path)) return records;
  for (const absl::string_view line : absl::StrSplit(ReadText(path), '\n', absl::SkipEmpty())) {
    llvm::Expected<json::Value> value = json::parse(Ref(line));
    if (!value) {
      ADD_FAILURE() << path << ": " << llvm::toString(value.takeError()) << " in " << line;
      continue;
    }
    json::Object* object = value->getAsObject();
    EXPECT_NE(object, nullptr) << line;
    if (object != nullptr) records.push_back({std::move(*object)});
  }
  return records;
}

std::string LogTo(const std::string& path) { return absl::StrCat("CGO_LD_SHIM_LOG=", path); }

std::vector<std::string> FinalLink::To(const std::string& output) const {
  std::vector<std::string> words = argv;
  const auto option = std::find(words.begin(), words.end(), "-o");
  EXPECT_LT(option + 1, words.end());
  if (option + 1 < words.end()) option[1] = output;
  return words;
}

FinalLink CaptureLink(const std::string& module_directory) {
  FinalLink link{.directory = MakeTempDirectory(), .argv = {}};
  const std::string log = absl::StrCat(MakeTempDirectory(), "/log");
  EXPECT_TRUE(
      Succeeded(BuildIn(module_directory, {LogTo(log)}, {absl::StrCat("-ldflags=-tmpdir=", link.directory)}).go));
  const std::vector<LinkRecord> records = ReadLog(log);
  EXPECT_EQ(records.size(), 1U);
  if (records.size() == 1) link.argv = records[0].Texts("argv");
  if (!link.argv.empty()) link.argv[0] = Shim();
  return link;
}

}  // namespace cgo_ld_shim::e2e
