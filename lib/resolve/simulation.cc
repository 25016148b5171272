#include "resolve/simulation.h"

#include <algorithm>
#include <functional>
#include <queue>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "llvm/Support/MemoryBuffer.h"

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
    open_.push_back(name);
  }
  if (plan.wrapped.empty()) return;
  auto wrappers = std::make_shared<std::vector<std::string>>();
  for (const std::string& name : plan.wrapped) wrappers->push_back(absl::StrCat("__wrap_", name));
  wrappers_ = std::move(wrappers);
}

absl::string_view Simulation::Wrapped(absl::string_view symbol) const {
  // --wrap=X: X means __wrap_X, and __real_X means X.
  for (size_t i = 0; i < plan_->wrapped.size(); ++i) {
    const std::string& name = plan_->wrapped[i];
    if (absl::StartsWith(symbol, "__real_") && symbol.substr(7) == name) return name;
    if (symbol == name) return (*wrappers_)[i];
  }
  return symbol;
}

int Simulation::Add(const plan::PlanInput& input) {
  const int number = inputs_++;
  if (input.copied) in_place_of_[number] = input.in_place_of;
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
    if (open_group_number_ >= 0) open_group_.push_back(offer);
    while (ScanArchive(offer)) {
    }
    return;
  }
  // lld reads the members in their order. One that defines what is wanted is taken at once, and finds what it wants
  // itself among those that have been read.
  offers_.push_back(offer);
  const size_t number = offers_.size() - 1;
  offers_[number].read = 0;
  TakeInOrder(offer, &offers_[number].read);
  offers_[number].read = kAllMembers;
}

// One pass of GNU ld over an archive, in the order of its members: true when it took something. What a member wants is
// found in those behind it, and in those before it by the next pass.
bool Simulation::ScanArchive(const Offer& offer) {
  uint32_t read = 0;
  return TakeInOrder(offer, &read);
}

bool Simulation::TakeInOrder(const Offer& offer, uint32_t* read) {
  std::priority_queue<std::pair<uint32_t, absl::string_view>, std::vector<std::pair<uint32_t, absl::string_view>>,
                      std::greater<>>
      offered;
  // What is not wanted any more leaves the list; what members want is added to its end.
  std::erase_if(open_, [&](absl::string_view name) { return !IsWanted(name); });
  if (open_.size() > 1) offer.file->archive->ExpectLookups();
  size_t asked = 0;
  const auto ask = [&] {
    for (; asked < open_.size(); ++asked) {
      for (const uint32_t member : offer.file->archive->Defining(open_[asked])) {
        if (member >= *read) offered.push({member, open_[asked]});
      }
    }
  };
  bool took = false;
  for (ask(); !offered.empty(); ask()) {
    const auto [member, name] = offered.top();
    offered.pop();
    if (!IsWanted(name)) continue;
    *read = member + 1;
    took |= ExtractMember(name, offer, member);
  }
  return took;
}

bool Simulation::IsWanted(absl::string_view name) const {
  const auto it = table_.find(name);
  if (it == table_.end() || it->second.ours) return false;
  const Symbol& symbol = it->second;
  const bool asked_for = symbol.state == Symbol::kWeakUndefined && symbol.references == 0;  // -u
  return symbol.state == Symbol::kUndefined || symbol.state == Symbol::kCommon || asked_for;
}

namespace {

// A common symbol is a definition already; what takes its place is a real one, which a BLOCK DATA of Fortran is, and
// neither another common nor a weak one.
bool DefinesForGood(const Object& object, absl::string_view symbol) {
  return std::any_of(object.definitions.begin(), object.definitions.end(), [&](const Definition& definition) {
    return definition.name == symbol && definition.strong() && !definition.unique;
  });
}

}  // namespace

bool Simulation::ExtractMember(absl::string_view symbol, const Offer& offer, uint32_t member) {
  if (extracted_.contains({offer.file->archive.get(), member})) return false;
  absl::StatusOr<const Object*> object = offer.file->archive->Load(member);
  const auto it = table_.find(symbol);
  const bool common = it != table_.end() && it->second.state == Symbol::kCommon;
  if (common && (!object.ok() || !DefinesForGood(**object, symbol))) return false;
  extracted_.insert({offer.file->archive.get(), member});
  if (!object.ok()) {
    problems_.emplace_back(object.status().message());
    return false;
  }
  if (!Usable(**object, offer.file->path)) return false;
  AddObject({.input = offer.input,
             .file = offer.file,
             .member = member,
             .object = *object,
             .extracted_for = it == table_.end() ? absl::string_view() : it->first,
             .extracted_by = it == table_.end() ? -1 : it->second.wanted_by[0]});
  return true;
}

void Simulation::Want(absl::string_view name) {
  if (manner_ == Manner::kLld) {
    for (size_t o = 0; o < offers_.size(); ++o) {
      const Offer offer = offers_[o];
      for (const uint32_t member : offer.file->archive->Defining(name)) {
        if (member < offer.read && ExtractMember(name, offer, member)) return;
      }
    }
  }
  open_.push_back(name);
}

void Simulation::AddObject(Unit unit) {
  const int number = static_cast<int>(units_.size());
  const Object& object = *unit.object;
  const bool unit_is_member = unit.member >= 0;
  units_.push_back(unit);
  std::vector<absl::string_view> commons;
  for (const Definition& definition : object.definitions) {
    const auto [place, fresh] = table_.try_emplace(definition.name);
    Symbol& symbol = place->second;
    const bool had = symbol.state == Symbol::kDefined && !symbol.ours;
    if (definition.common) {
      if (symbol.state != Symbol::kDefined && symbol.state != Symbol::kCommon) {
        symbol.state = Symbol::kCommon;
        symbol.definer = number;
        commons.push_back(place->first);
      }
    } else if (definition.weak || definition.unique) {
      if (symbol.state < Symbol::kDefined) {
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
  for (const absl::string_view name : commons) Want(name);
  for (const Reference& reference : object.references) {
    const absl::string_view name = plan_->wrapped.empty() ? reference.name : Wrapped(reference.name);
    const auto [it, fresh] = table_.try_emplace(name);
    Symbol& symbol = it->second;
    if (reference.weak) {
      if (fresh) symbol.state = Symbol::kWeakUndefined;
      continue;
    }
    if (symbol.references < 3) {
      symbol.wanted_by[symbol.references] = number;
    } else if (unit_is_member && symbol.state == Symbol::kUndefined &&
               units_[static_cast<size_t>(symbol.wanted_by[2])].member < 0) {
      // What may serve it depends on whether an archive wants it.
      symbol.wanted_by[2] = number;
    }
    if (symbol.references++ == 0) symbol.order = next_order_++;
    if (symbol.state == Symbol::kWeakUndefined) symbol.state = Symbol::kUndefined;
    // Taking a member makes the table grow, and `symbol` invalid.
    if (symbol.state == Symbol::kUndefined && symbol.references == 1 && !symbol.ours) Want(it->first);
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

absl::string_view Simulation::DefinedOtherwise(const Simulation& other) const {
  absl::string_view found;
  for (const auto& [name, symbol] : table_) {
    if (symbol.state < Symbol::kDefined || symbol.ours || symbol.definer < 0) continue;
    const int theirs = other.Definer(name);
    if (theirs < 0 || (!found.empty() && found < name)) continue;
    const Unit& a = units_[static_cast<size_t>(symbol.definer)];
    const Unit& b = other.units_[static_cast<size_t>(theirs)];
    if (a.file->path != b.file->path || a.member != b.member) found = name;
  }
  return found;
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

absl::string_view BytesOf(const Unit& unit) {
  if (unit.member < 0) {
    if (unit.file->buffer == nullptr) return "";
    return {unit.file->buffer->getBufferStart(), unit.file->buffer->getBufferSize()};
  }
  const absl::StatusOr<const symbols::Member*> member =
      unit.file->archive->GetMember(static_cast<uint32_t>(unit.member));
  return member.ok() ? (*member)->data : absl::string_view();
}

std::string Simulation::FileName(int unit) const {
  const Unit& u = units_[static_cast<size_t>(unit)];
  const auto original = u.member < 0 ? in_place_of_.end() : in_place_of_.find(u.input);
  return original == in_place_of_.end() ? u.file->path : original->second;
}

std::string Simulation::UnitName(int unit) const {
  const Unit& u = units_[static_cast<size_t>(unit)];
  if (u.member < 0) return u.file->path;
  absl::StatusOr<const symbols::Member*> member = u.file->archive->GetMember(static_cast<uint32_t>(u.member));
  return absl::StrCat(FileName(unit), "(", member.ok() ? (*member)->name : "?", ")");
}

}  // namespace cgo_ld_shim::resolve
