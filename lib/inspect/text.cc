// A binary's facts as a person reads them: one line that says it all, a few with details, then what counts at run time.
#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "inspect/inspect.h"
#include "llvm/Support/JSON.h"
#include "report/text_parts.h"
#include "support/path_parts.h"
#include "support/printable.h"

namespace cgo_ld_shim::inspect {
namespace {

constexpr size_t kColumn = 20;
constexpr size_t kMaxArchives = 8;

// Names come from the file: no control character of theirs reaches a terminal.
std::string Shown(absl::string_view text) { return support::PrintableName(text); }

std::string TypeText(const BinaryFacts& facts) {
  if (facts.type == "static") return "static executable";
  if (facts.type == "static-pie") return "static executable (PIE)";
  if (facts.type == "dynamic") return "dynamic executable";
  if (facts.type == "dynamic-pie") return "dynamic executable (PIE)";
  if (facts.type == "shared") return "shared library";
  if (facts.type == "c-shared") return "shared library of Go code";
  if (facts.type == "plugin") return "Go plugin";
  if (facts.type == "object") return "object file";
  if (facts.type == "core") return "core dump";
  return "file";
}

std::string Header(const BinaryFacts& facts, const report::TextOptions& options) {
  std::vector<std::string> parts = {TypeText(facts), facts.architecture};
  if (facts.format == "mach-o") parts.emplace_back("macOS");
  if (facts.format == "pe") parts.emplace_back("Windows");
  if (facts.format == "elf" && !facts.system.empty() && facts.system != "linux") parts.push_back(facts.system);
  if (facts.libc && facts.format == "elf")
    parts.push_back(absl::StrCat(facts.libc.ToString(), facts.libc_version_is_least ? " or newer" : ""));
  if (!facts.cxx_runtime.empty()) parts.push_back(facts.cxx_runtime);
  if (facts.go.present) {
    const absl::string_view version = absl::StripPrefix(facts.go.version, "go");
    parts.push_back(version.empty() ? "Go" : absl::StrCat("Go ", version.substr(0, version.find(' '))));
  }
  parts.push_back(report::SizeText(facts.bytes));
  const std::string name = options.name.empty() ? support::BaseName(facts.path) : options.name;
  return Shown(absl::StrCat(name, ": ", absl::StrJoin(parts, ", ")));
}

std::string Hardening(const BinaryFacts& facts) {
  std::vector<std::string> parts;
  if (!facts.relro.empty()) parts.push_back(absl::StrCat("RELRO ", facts.relro));
  if (!facts.stack.empty()) parts.push_back(absl::StrCat("stack ", facts.stack));
  if (facts.text_relocations) parts.emplace_back("text relocations");
  if (!facts.writable_code.empty()) parts.emplace_back("writable code");
  if (facts.stripped) parts.emplace_back("stripped");
  return absl::StrJoin(parts, ", ");
}

// "lists 3 components: libz.a, libc.a, …" for ours, otherwise the note itself.
std::string NoteText(const std::string& note) {
  constexpr size_t kLongest = 200, kNamed = 5;
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(note);
  if (!value) {
    llvm::consumeError(value.takeError());
  } else if (const llvm::json::Object* object = value->getAsObject()) {
    if (const llvm::json::Array* components = object->getArray("components")) {
      std::vector<std::string> names;
      for (const llvm::json::Value& component : *components) {
        const llvm::json::Object* fields = component.getAsObject();
        const auto name = fields == nullptr ? std::nullopt : fields->getString("name");
        if (name && names.size() < kNamed) names.push_back(name->str());
      }
      return absl::StrCat("lists ", report::Count(components->size(), "component", "components"), ": ",
                          absl::StrJoin(names, ", "), components->size() > names.size() ? ", …" : "");
    }
  }
  return note.size() > kLongest ? absl::StrCat(note.substr(0, kLongest), "…") : note;
}

// What musl gives a thread: 128 KiB, or what PT_GNU_STACK says, up to 8 MiB (musl, src/env/__init_tls.c).
uint64_t ThreadStackKib(const BinaryFacts& facts) {
  constexpr uint64_t kDefault = 128, kMost = 8192;
  return std::clamp<uint64_t>(facts.thread_stack_bytes / 1024, kDefault, kMost);
}

void AddArchives(const BinaryFacts& facts, report::Page* page) {
  if (facts.archives.empty()) return;
  page->Title("size by archive (code and data of the members that the link used)");
  size_t shown = 0;
  for (const ArchiveUse& archive : facts.archives) {
    if (shown == kMaxArchives) break;
    ++shown;
    const std::string size = archive.member_bytes ? report::SizeText(*archive.member_bytes) : "not known";
    std::vector<std::string> parts = {size};
    if (!archive.members.empty()) parts.push_back(report::Count(archive.members.size(), "member", "members"));
    if (archive.isolated) parts.emplace_back("a private copy");
    parts.push_back(absl::StrContains(archive.path, "/") ? Shown(support::DirectoryName(archive.path))
                                                         : "a part of cgo-ld-shim");
    page->Labelled(2, Shown(support::BaseName(archive.path)), kColumn, absl::StrJoin(parts, ", "));
  }
  if (facts.archives.size() > shown)
    page->Labelled(2, absl::StrCat("and ", facts.archives.size() - shown, " more"), kColumn, "--json shows all");
}

}  // namespace

std::string FactsText(const BinaryFacts& facts, const Verdict& verdict, const report::TextOptions& options) {
  report::Page page(options);
  page.Line(Header(facts, options));
  const auto line = [&](absl::string_view label, const std::string& text) {
    if (!text.empty()) page.Labelled(2, label, kColumn, Shown(text));
  };
  line("hardening", Hardening(facts));
  line("loader", facts.interpreter);
  line("needs", absl::StrJoin(facts.needed, ", "));
  line("searches", absl::StrJoin(facts.run_paths, ", "));
  line("made with", absl::StrJoin(facts.compilers, ", "));
  line("build ID", facts.build_id);
  if (facts.libc.IsMusl() && facts.IsStatic())
    line("thread stacks", absl::StrCat(ThreadStackKib(facts), " KiB for each thread of C code"));
  line("compiled with", absl::StrJoin(facts.rescued, ", ", [](std::string* out, const rescue::Note& note) {
         absl::StrAppend(out, rescue::NoteText(note), note.go_package.empty() ? "" : " for ", note.go_package);
       }));
  line("package note", NoteText(facts.package_note));
  if (!verdict.findings.empty()) page.Title("at run time");
  for (const Finding& finding : verdict.findings) {
    page.Labelled(2, finding.subject, kColumn, Shown(finding.meaning));
    if (!finding.way_out.empty()) page.Labelled(2, "", kColumn, Shown(absl::StrCat("→ ", finding.way_out)));
  }
  AddArchives(facts, &page);
  return page.Take();
}

}  // namespace cgo_ld_shim::inspect
