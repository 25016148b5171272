#include "tests/differential/generators.h"

namespace cgo_ld_shim::differential {

const std::vector<Kind> kKinds = {
    {"Orders", Orders},
    {"Groups", Groups},
    {"WeakSymbols", WeakSymbols},
    {"Commons", Commons},
    {"Relocatable", Relocatable},
    {"Multiple", Multiple},
    {"OwnCopies", OwnCopies},
    {"Constructors", Constructors},
    {"OldConstructors", OldConstructors},
    {"Tls", Tls},
    {"Ifuncs", Ifuncs},
    {"Versioned", Versioned},
    {"Comdat", Comdat},
    {"Exceptions", Exceptions},
    {"Fortran", Fortran},
    {"Stacks", Stacks},
    {"Wraps", Wraps},
    {"Scripts", Scripts},
    {"Options", Options},
    {"SectionSets", SectionSets},
    {"LibcFunctions", LibcFunctions},
};
const std::vector<Kind> kForeignKinds = {
    {"Functions", ForeignFunctions},
    {"Ifuncs", Ifuncs},
    {"Constructors", Constructors},
};

const std::vector<Kind> kMuslArchiveKinds = {{"Functions", MuslFunctions}};

}  // namespace cgo_ld_shim::differential
