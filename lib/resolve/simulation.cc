#include "resolve/simulation.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace cgo_ld_shim::resolve {
namespace {

using symbols::Definition;
using symbols::FileKind;
using symbols::Object;
using symbols::ObjectKind;
using symbols::Reference;

// Symbols that linkers define by themselves (lld/ELF/Writer.cpp, addReservedSymbols; GNU ld's default scripts).
constexpr absl::string_view kLinkerDefined[] = {"_GLOBAL_OFFSET_TABLE_",
                                                "_DYNAMIC",
                                                "__ehdr_start",
                                                "__executable_start",
                                                "__dso_handle",
                                                "__init_array_start",
                                                "__init_array_end",
                                                "__fini_array_start",
                                                "__fini_array_end",
                                                "__preinit_array_start",
                                                "__preinit_array_end",
                                                "__rela_iplt_start",
                                                "__rela_iplt_end",
                                                "__rel_iplt_start",
                                                "__rel_iplt_end",
                                                "_end",
                                                "end",
                                                "_etext",
                                                "etext",
                                                "_edata",
                                                "edata",
                                                "__bss_start",
                                                "__GNU_EH_FRAME_HDR",
                                                "_TLS_MODULE_BASE_",
                                                "__exidx_start",
                                                "__exidx_end",
                                                "_gp",
                                                "_gp_disp",
                                                "__gnu_local_gp",
                                                ".TOC.",
                                                "_SDA_BASE_",
                                                "__global_pointer$",
                                                "__tls_get_offset",
                                                "_PROCEDURE_LINKAGE_TABLE_",
                                                "__data_start",
                                                "__etext",
                                                "__edata",
                                                "__end"};

// "__start_" and "__stop_" with the name of a section that is a C identifier: the linker defines both.
bool IsSectionBound(absl::string_view name) {
  return absl::StartsWith(name, "__start_") || absl::StartsWith(name, "__stop_");
}

// The function that general-dynamic TLS calls. In an executable the linker relaxes such accesses and the call with
// them; libc.a lacks it on the machines where that is always possible.
bool IsRelaxedAway(absl::string_view name) { return name == "__tls_get_addr" || name == "___tls_get_addr"; }

// Room for the symbols of a usual program: a table that is too small is made anew on the way.
constexpr size_t kUsualSymbols = 3500;

bool MayStayUndefined(absl::string_view name) { return IsSectionBound(name) || IsRelaxedAway(name); }

}  // namespace

Simulation::Simulation(const plan::LinkPlan& plan, Manner manner) : plan_(&plan), manner_(manner) {
  table_.reserve(kUsualSymbols);
  for (absl::string_view name : kLinkerDefined) table_[name].ours = true;
  for (const std::string& name : plan.defined) {
    Symbol& symbol = table_[name];
    symbol.ours = true;
    symbol.state = Symbol::kDefined;
  }
  for (const std::string& name : plan.wanted) {
    // -u asks for extraction; a name that nothing defines is no error (GNU ld manual, --undefined).
    Symbol& symbol = table_[name];
    if (symbol.state == Symbol::kUndefined && !symbol.ours) symbol.state = Symbol::kWeakUndefined;
    wanted_.push_back(name);
  }
}

absl::string_view Simulation::Wrapped(absl::string_view symbol) const {
  // --wrap=X: X means __wrap_X, and __real_X means X. The new names live in the plan's own strings only for __real_;
  // __wrap_X is looked up among what is there, because somebody must define it.
  for (const std::string& name : plan_->wrapped) {
    if (absl::StartsWith(symbol, "__real_") && symbol.substr(7) == name) return name;
    if (symbol == name) {
      const auto it = table_.find(absl::StrCat("__wrap_", name));
      if (it != table_.end()) return it->first;
    }
  }
  return symbol;
}

int Simulation::Add(const plan::PlanInput& input) {
  const int number = inputs_++;
  if (manner_ == Manner::kGnuLd && input.group != open_group_number_) {
    Finish();
    open_group_number_ = input.group;
  }
  for (const symbols::InputFile& file : input.files) {
    if (file.kind == FileKind::kArchive && file.archive != nullptr) {
      AddArchive(number, &file, input.whole_archive);
    } else if (file.object != nullptr && Usable(*file.object, file.path)) {
      AddObject({.input = number, .file = &file, .object = file.object.get()});
    }
  }
  if (manner_ == Manner::kLld) ExtractFromOffers();
  return number;
}

bool Simulation::Usable(const Object& object, const std::string& name) {
  if ((object.kind == ObjectKind::kBitcode || object.kind == ObjectKind::kSlimLto) &&
      std::find(lto_.begin(), lto_.end(), name) == lto_.end()) {
    lto_.push_back(name);
  }
  // Of bitcode without a table of symbols nothing is known; its machine stands in none.
  if (object.kind == ObjectKind::kBitcode) return !object.definitions.empty() || !object.references.empty();
  if (object.kind != ObjectKind::kElfRelocatable && object.kind != ObjectKind::kSlimLto) return false;
  // The first object, a crt file or the program's own, says for which machine the link is.
  if (!machine_) machine_ = object.machine;
  return object.machine == *machine_;
}

void Simulation::Finish() {
  if (open_group_number_ < 0) return;
  for (bool again = true; again;) {
    again = false;
    for (const Offer& offer : open_group_) again |= ScanArchive(offer);
  }
  open_group_.clear();
  open_group_number_ = -1;
}

void Simulation::AddArchive(int input, const symbols::InputFile* file, bool whole) {
  const Offer offer{input, file};
  if (whole) {
    for (uint32_t member = 0; member < file->archive->member_count(); ++member) {
      if (!extracted_.insert({file->archive.get(), member}).second) continue;
      absl::StatusOr<const Object*> object = file->archive->Load(member);
      if (!object.ok()) {
        problems_.emplace_back(object.status().message());
      } else if (Usable(**object, file->path)) {
        AddObject({.input = input, .file = file, .member = member, .object = *object});
      }
    }
    return;
  }
  if (file->archive->empty()) return;
  if (manner_ == Manner::kGnuLd) {
    if (open_group_number_ >= 0) {
      open_group_.push_back(offer);
    }
    while (ScanArchive(offer)) {
    }
    return;
  }
  offers_.push_back(offer);
  // What is still undefined meets the new offer; what comes later meets it in ExtractFromOffers.
  wanted_.insert(wanted_.begin(), open_.begin(), open_.end());
  open_.clear();
  if (wanted_.size() > 1) file->archive->ExpectLookups();
}

// One pass of GNU ld over an archive: true when it took something.
bool Simulation::ScanArchive(const Offer& offer) {
  std::vector<std::pair<uint32_t, absl::string_view>> open;
  for (const auto& [name, symbol] : table_) {
    if (symbol.state == Symbol::kUndefined && symbol.references > 0) open.push_back({symbol.order, name});
  }
  std::sort(open.begin(), open.end());
  bool took = false;
  for (const auto& [order, name] : open) {
    if (table_[name].state == Symbol::kUndefined) took |= Extract(name, offer);
  }
  return took;
}

bool Simulation::Extract(absl::string_view symbol, const Offer& offer) {
  for (const uint32_t member : offer.file->archive->Defining(symbol)) {
    if (!extracted_.insert({offer.file->archive.get(), member}).second) continue;
    absl::StatusOr<const Object*> object = offer.file->archive->Load(member);
    if (!object.ok()) {
      problems_.emplace_back(object.status().message());
      continue;
    }
    if (!Usable(**object, offer.file->path)) continue;
    const auto it = table_.find(symbol);
    const int by = it == table_.end() ? -1 : it->second.wanted_by[0];
    AddObject({.input = offer.input,
               .file = offer.file,
               .member = member,
               .object = *object,
               .extracted_for = it == table_.end() ? absl::string_view() : it->first,
               .extracted_by = by});
    return true;
  }
  return false;
}

void Simulation::ExtractFromOffers() {
  // wanted_ grows while members are read; each name is looked up once per growth of the offers.
  for (size_t i = 0; i < wanted_.size(); ++i) {
    const absl::string_view name = wanted_[i];
    const auto it = table_.find(name);
    if (it == table_.end()) continue;
    const bool asked = it->second.state == Symbol::kWeakUndefined && it->second.references == 0;
    if (it->second.state != Symbol::kUndefined && !asked) continue;
    if (it->second.ours) continue;
    bool taken = false;
    for (size_t o = 0; o < offers_.size() && !taken; ++o) taken = Extract(name, offers_[o]);
    if (!taken) open_.push_back(name);
  }
  wanted_.clear();
}

void Simulation::AddObject(Unit unit) {
  const int number = static_cast<int>(units_.size());
  const Object& object = *unit.object;
  units_.push_back(unit);
  for (const Definition& definition : object.definitions) {
    Symbol& symbol = table_[definition.name];
    const bool had = symbol.state == Symbol::kDefined && !symbol.ours;
    if (definition.common) {
      if (symbol.state == Symbol::kUndefined || symbol.state == Symbol::kWeakUndefined) {
        symbol.state = Symbol::kCommon;
        symbol.definer = number;
      }
    } else if (definition.weak || definition.unique) {
      if (symbol.state != Symbol::kDefined && symbol.state != Symbol::kWeakDefined) {
        symbol.state = Symbol::kWeakDefined;
        symbol.definer = number;
        symbol.comdat = definition.comdat;
      }
    } else if (had && !(definition.comdat && symbol.comdat)) {
      duplicates_.push_back({definition.name, symbol.definer, number});
    } else if (!had) {
      symbol.state = Symbol::kDefined;
      symbol.definer = number;
      symbol.comdat = definition.comdat;
    }
  }
  for (const Reference& reference : object.references) {
    const absl::string_view name = plan_->wrapped.empty() ? reference.name : Wrapped(reference.name);
    const auto [it, fresh] = table_.try_emplace(name);
    Symbol& symbol = it->second;
    if (reference.weak) {
      if (fresh) symbol.state = Symbol::kWeakUndefined;
      continue;
    }
    if (symbol.references < 3) symbol.wanted_by[symbol.references] = number;
    if (symbol.references++ == 0) symbol.order = next_order_++;
    if (symbol.state == Symbol::kWeakUndefined) symbol.state = Symbol::kUndefined;
    if (symbol.state == Symbol::kUndefined && symbol.references == 1) wanted_.push_back(it->first);
  }
}

std::vector<Missing> Simulation::FindMissing() const {
  std::vector<std::pair<uint32_t, Missing>> found;
  for (const auto& [name, symbol] : table_) {
    if (symbol.state != Symbol::kUndefined || symbol.references == 0 || symbol.ours || MayStayUndefined(name)) continue;
    Missing missing{.symbol = name, .references = symbol.references};
    for (int unit : symbol.wanted_by) {
      if (unit >= 0) missing.wanted_by.push_back(unit);
    }
    found.push_back({symbol.order, std::move(missing)});
  }
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<Missing> result;
  result.reserve(found.size());
  for (auto& [order, missing] : found) result.push_back(std::move(missing));
  return result;
}

size_t Simulation::CountMissing() const {
  size_t count = 0;
  for (const auto& [name, symbol] : table_) {
    count += symbol.state == Symbol::kUndefined && symbol.references > 0 && !symbol.ours && !MayStayUndefined(name);
  }
  return count;
}

bool Simulation::IsDefined(absl::string_view symbol) const {
  const auto it = table_.find(symbol);
  return it != table_.end() && (it->second.ours || it->second.state >= Symbol::kDefined);
}

int Simulation::Definer(absl::string_view symbol) const {
  const auto it = table_.find(symbol);
  return it == table_.end() || it->second.state < Symbol::kDefined ? -1 : it->second.definer;
}

std::vector<Simulation::Edge> Simulation::Edges() const {
  std::vector<Edge> edges;
  absl::flat_hash_set<std::pair<int, int>> seen;
  for (size_t u = 0; u < units_.size(); ++u) {
    for (const Reference& reference : units_[u].object->references) {
      if (reference.weak) continue;
      const int definer = Definer(plan_->wrapped.empty() ? reference.name : Wrapped(reference.name));
      if (definer < 0) continue;
      const int from = units_[u].input, to = units_[static_cast<size_t>(definer)].input;
      if (from != to && seen.insert({from, to}).second)
        edges.push_back({from, to, reference.name, static_cast<int>(u)});
    }
  }
  std::sort(edges.begin(), edges.end(),
            [](const Edge& a, const Edge& b) { return std::pair(a.from, a.to) < std::pair(b.from, b.to); });
  return edges;
}

std::string Simulation::UnitName(int unit) const {
  const Unit& u = units_[static_cast<size_t>(unit)];
  if (u.member < 0) return u.file->path;
  absl::StatusOr<const symbols::Member*> member = u.file->archive->GetMember(static_cast<uint32_t>(u.member));
  return absl::StrCat(u.file->path, "(", member.ok() ? (*member)->name : "?", ")");
}

}  // namespace cgo_ld_shim::resolve
