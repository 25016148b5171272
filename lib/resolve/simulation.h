// Which archive members will the linker take, and what stays undefined?
//
// A linker reads its inputs in order. An object's definitions and references enter the symbol table at once; an archive
// only offers its members. A strong reference that nothing defines yet takes ("extracts") the first member that offers
// it, whose own references may extract more. lld remembers offers, so that an archive may stand before what needs it;
// GNU ld looks only forward, and back within a group. The simulation does the same on symbol tables alone. Weak
// references extract nothing (ELF gABI, "Symbol Table"); of several COMDAT copies the first stays.
//
// Example:
//   Simulation simulation(plan);
//   for (const plan::PlanInput& input : plan.inputs) simulation.Add(input);
//   for (const Missing& missing : simulation.FindMissing()) …
//
// A Simulation borrows the plan's files, which must outlive it. Copying one copies its state: how a candidate is tried.
#ifndef CGO_LD_SHIM_RESOLVE_SIMULATION_H_
#define CGO_LD_SHIM_RESOLVE_SIMULATION_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "plan/plan.h"
#include "symbols/symbols.h"

namespace cgo_ld_shim::resolve {

// One object in the link: an input by itself, or an extracted member.
struct Unit {
  int input = 0;  // number of the Add call that brought it
  const symbols::InputFile* file = nullptr;
  int64_t member = -1;  // number of the archive's member; -1: not a member
  const symbols::Object* object = nullptr;
  absl::string_view extracted_for;  // the symbol that extracted it; empty: it is there in any case
  int extracted_by = -1;            // the unit that needed that symbol; -1: none
};

// The unit's file, or its member's bytes; empty where it cannot be read.
absl::string_view BytesOf(const Unit& unit);

// A symbol that something needs and nothing defines.
struct Missing {
  absl::string_view symbol;
  std::vector<int> wanted_by;  // units, the first 3; a member of an archive is among them where one wants it
  size_t references = 0;       // how many units in all
};

// A symbol that two units define strongly.
struct Duplicate {
  absl::string_view symbol;
  int first = 0, second = 0;  // units
};

class Simulation {
 public:
  enum class Manner {
    kLld,    // offers are remembered
    kGnuLd,  // archives are searched once, where they stand; groups until nothing changes
  };
  explicit Simulation(const plan::LinkPlan& plan, Manner manner = Manner::kLld);

  // Reads one more input; returns its number, counted from 0. In the manner of GNU ld the members of a group must be
  // added one after the other.
  int Add(const plan::PlanInput& input);
  // Ends a group that is still open (GNU ld's manner only).
  void Finish();

  // Undefined symbols with strong references, in order of their first reference.
  std::vector<Missing> FindMissing() const;
  // How many there are: cheaper.
  size_t CountMissing() const;
  const std::vector<Unit>& units() const { return units_; }
  const std::vector<Duplicate>& duplicates() const { return duplicates_; }
  // Members that could not be read ("/x/libfoo.a(bar.o): truncated…").
  const std::vector<std::string>& problems() const { return problems_; }

  // Objects that hold only LTO bitcode (LLVM's, or GCC's slim LTO). They are units as others, by
  // the symbols that their compiler lists; what the optimiser adds is not known.
  const std::vector<std::string>& lto() const { return lto_; }

  bool IsDefined(absl::string_view symbol) const;
  // The unit that defines it; -1: none, or the linker itself.
  int Definer(absl::string_view symbol) const;
  // The first name, by the alphabet, that both define and `other` in another unit; empty: none.
  absl::string_view DefinedOtherwise(const Simulation& other) const;
  // Input a needs a symbol that input b provides: pairs (a, b), a ≠ b, each once, sorted; with one symbol as the
  // reason.
  struct Edge {
    int from, to;
    absl::string_view symbol;
    int from_unit;
  };
  std::vector<Edge> Edges() const;

  // "libz.a(inflate.o)" with the archive's whole path, or the object's path. Of a copy that we made of the user's
  // archive the user's own.
  std::string UnitName(int unit) const;
  // The archive's path there, or the object's.
  std::string FileName(int unit) const;

 private:
  struct Symbol {
    enum State : uint8_t { kUndefined, kWeakUndefined, kDefined, kWeakDefined, kCommon };
    State state = kUndefined;
    bool comdat = false;
    bool ours = false;  // the linker or an option defines it
    int definer = -1;
    uint32_t references = 0;
    int wanted_by[3] = {-1, -1, -1};
    uint32_t order = 0;  // of its first strong reference
  };
  static constexpr uint32_t kAllMembers = ~uint32_t{0};
  struct Offer {
    int input;
    const symbols::InputFile* file;
    uint32_t read = kAllMembers;  // members below this number are known
  };

  void AddObject(Unit unit);
  void AddArchive(int input, const symbols::InputFile* file, bool whole);
  // Takes a member for `symbol`, if that is one that the symbol's state allows.
  bool ExtractMember(absl::string_view symbol, const Offer& offer, uint32_t member);
  // True for an object that can be linked, perhaps by an optimiser: one for this machine. Notes LTO objects.
  bool Usable(const symbols::Object& object, const std::string& name);
  // A name has become undefined: lld takes what defines it from what was read so far, or it stays open.
  void Want(absl::string_view name);
  bool IsWanted(absl::string_view name) const;
  bool ScanArchive(const Offer& offer);
  // Takes what is wanted of an archive, from member `*read` on, which follows.
  bool TakeInOrder(const Offer& offer, uint32_t* read);
  absl::string_view Wrapped(absl::string_view symbol) const;

  const plan::LinkPlan* plan_;
  std::shared_ptr<const std::vector<std::string>> wrappers_;  // "__wrap_X" for each of the plan's wrapped names
  Manner manner_;
  absl::flat_hash_map<absl::string_view, Symbol> table_;
  std::vector<Unit> units_;
  std::vector<Offer> offers_;
  std::vector<absl::string_view> open_;  // undefined or common, and not among the offers; some no longer
  absl::flat_hash_set<std::pair<const symbols::Archive*, int64_t>> extracted_;
  std::vector<std::string> lto_;
  std::optional<symbols::Machine> machine_;
  std::vector<Duplicate> duplicates_;
  std::vector<std::string> problems_;
  std::vector<Offer> open_group_;
  int open_group_number_ = -1;
  int inputs_ = 0;
  absl::flat_hash_map<int, std::string> in_place_of_;  // by input: of a copy, the user's archive
  uint32_t next_order_ = 0;
};

}  // namespace cgo_ld_shim::resolve

#endif  // CGO_LD_SHIM_RESOLVE_SIMULATION_H_
