// For which platform an archive is, and what it is called without that.
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "llvm/BinaryFormat/ELF.h"
#include "pack/pack.h"
#include "plan/variants.h"
#include "support/path_parts.h"
#include "target/target.h"

namespace cgo_ld_shim::pack {
namespace {

using target::LibcFamily;

absl::Status Refuse(const lint::ArchiveFacts& facts, absl::string_view why) {
  return absl::FailedPreconditionError(absl::StrCat(facts.path, ": ", why));
}

// What pack cannot make one object of, or what that would be wrong for.
absl::Status Check(const lint::ArchiveFacts& facts) {
  if (!facts.foreign.empty()) {
    return Refuse(facts, absl::StrCat("it holds ", facts.foreign[0],
                                      "; pack takes archives for Linux. Ship it as it is, beside the layout"));
  }
  if (facts.bitcode > 0 || facts.gimple > 0) {
    return Refuse(facts, absl::StrCat(facts.bitcode + facts.gimple, " of its ", facts.objects, " objects hold ",
                                      facts.bitcode > 0 ? "LLVM bitcode" : "GCC's GIMPLE",
                                      " and no machine code; build without -flto, or with -ffat-lto-objects"));
  }
  if (facts.machines.empty()) return Refuse(facts, "there is no object in it");
  if (facts.machines.size() > 1) {
    return Refuse(facts, absl::StrCat("its objects are for ", absl::StrJoin(facts.architectures, " and "),
                                      "; build an archive for each"));
  }
  if (facts.machines[0].e_machine == llvm::ELF::EM_MIPS) {
    return Refuse(facts,
                  "code for MIPS calls global functions in another way than local ones, so that none of its "
                  "names can be made local. Ship it as it is, beside the layout");
  }
  return absl::OkStatus();
}

LibcFamily SaidBy(const std::string& path) {
  if (plan::SaysLibc(path, LibcFamily::kMusl)) return LibcFamily::kMusl;
  return plan::SaysLibc(path, LibcFamily::kGlibc) ? LibcFamily::kGlibc : LibcFamily::kNone;
}

absl::StatusOr<LibcFamily> LibcOf(const lint::ArchiveFacts& facts, LibcFamily unless_it_says) {
  const LibcFamily named = SaidBy(facts.path);
  if (facts.libc_is_sure) {
    if (named == LibcFamily::kNone || named == facts.libc || named == unless_it_says)
      return named == LibcFamily::kNone ? facts.libc : named;
    return Refuse(facts, absl::StrCat("it is named for ", target::FamilyName(named), ", and built for ",
                                      target::FamilyName(facts.libc), ": ", facts.libc_because,
                                      ". Rename it, or, if it is right, say --libc ", target::FamilyName(named)));
  }
  if (named != LibcFamily::kNone) return named;
  if (unless_it_says != LibcFamily::kNone) return unless_it_says;
  // Who compiled it is a guess: musl-gcc is a distribution's gcc as well.
  if (facts.libc != LibcFamily::kNone) return facts.libc;
  return Refuse(
      facts,
      absl::StrCat("for which C library it was built, neither its objects nor its path say; say --libc ",
                   target::FamilyName(LibcFamily::kGlibc), " or --libc ", target::FamilyName(LibcFamily::kMusl)));
}

}  // namespace

absl::StatusOr<Place> PlaceOf(const lint::ArchiveFacts& facts, LibcFamily unless_it_says) {
  if (absl::Status status = Check(facts); !status.ok()) return status;
  const symbols::Machine& machine = facts.machines[0];
  const target::Architecture* row = target::FindArchitectureByElf(machine.e_machine, machine.is64, machine.little);
  if (row == nullptr) return Refuse(facts, absl::StrCat("Go has no port to its machine, ", machine.Name()));
  const absl::StatusOr<LibcFamily> libc = LibcOf(facts, unless_it_says);
  if (!libc.ok()) return libc.status();
  Place place{.library = plan::PlainName(support::BaseName(facts.path)), .platform = row->multiarch, .libc = *libc};
  if (*libc == LibcFamily::kMusl) {
    // "arm-linux-gnueabihf", "arm-linux-musleabihf". The word that is in all of a family's stands last.
    const absl::string_view gnu = target::WordsInNames(LibcFamily::kGlibc).back();
    place.platform = absl::StrReplaceAll(place.platform, {{gnu, target::FamilyName(LibcFamily::kMusl)}});
  }
  if (place.library == "lib.a" || place.library.size() <= 2)
    return Refuse(facts, "its name says a platform alone; call it after the library: libNAME.a");
  return place;
}

}  // namespace cgo_ld_shim::pack
