# Ids of rules and causes, and names of C libraries, are values: a text of theirs stands in the tables alone. What is
# written as a string elsewhere can be misspelt, and is not found when an id is looked for.
#
# Held as well: the file that rules.def names for a rule is where that rule is used.
cmake_policy(SET CMP0057 NEW)  # IN_LIST
set(tables "^lib/(rules/rules\\.def|diagnose/causes\\.def|target/)")
set(problems "")

# The ids, which no code may write.
set(texts "")
foreach(table lib/rules/rules.def lib/diagnose/causes.def)
  file(STRINGS "${SOURCE_DIR}/${table}" rows REGEX "^(RULE|CAUSE)\\(")
  foreach(row IN LISTS rows)
    if(NOT row MATCHES "^[A-Z]+\\(k[A-Za-z0-9]+, \"([a-z-]+)\"(, \"([a-z_/.]+)\")?\\)$")
      string(APPEND problems "${table}: not understood: ${row}\n")
      continue()
    endif()
    set(id "${CMAKE_MATCH_1}")
    set(file "${CMAKE_MATCH_3}")
    # It is a mode of links as well (LinkRecord::mode).
    if(NOT id STREQUAL "static-pie")
      list(APPEND texts "${id}")
    endif()
    if(file)
      string(REGEX REPLACE "^[A-Z]+\\((k[A-Za-z0-9]+),.*" "\\1" enumerator "${row}")
      if(NOT EXISTS "${SOURCE_DIR}/${file}")
        string(APPEND problems "rules.def: ${id} is said to be decided in ${file}, which is not there\n")
        continue()
      endif()
      file(READ "${SOURCE_DIR}/${file}" content)
      if(NOT content MATCHES "RuleId::${enumerator}[^A-Za-z0-9]")
        string(APPEND problems "rules.def: ${id} is said to be decided in ${file}, and RuleId::${enumerator} is not there\n")
      endif()
    endif()
  endforeach()
endforeach()
list(LENGTH texts count)
if(count LESS 40)
  string(APPEND problems "only ${count} ids were found: this test no longer reads what it should\n")
endif()
list(JOIN texts "|" ids)

# Files in which such a word means something else than a C library as a value: Arch Linux calls a package glibc; and the
# values of CGO_LD_SHIM_LIBC, which the front compares before any constructor ran. A file that no longer needs to be here
# leaves this list.
set(other_meaning lib/packages/distribution.cc lib/support/setting_rows.cc
  # It runs before the table is there.
  shim/front.cc)

# Appends to problems each line of `source` that is code and matches `pattern`, and sets `found`.
function(find_texts source pattern)
  set(found OFF PARENT_SCOPE)
  file(STRINGS "${SOURCE_DIR}/${source}" lines ENCODING UTF-8 REGEX "${pattern}")
  foreach(line IN LISTS lines)
    string(REGEX REPLACE "(^|[^:])//.*" "\\1" code "${line}")
    if(code MATCHES "${pattern}")
      string(STRIP "${line}" line)
      string(APPEND problems "${source}: ${line}\n")
      set(found ON PARENT_SCOPE)
    endif()
  endforeach()
  set(problems "${problems}" PARENT_SCOPE)
endfunction()

file(GLOB_RECURSE sources RELATIVE "${SOURCE_DIR}" "${SOURCE_DIR}/lib/*.cc" "${SOURCE_DIR}/lib/*.h" "${SOURCE_DIR}/shim/*.cc" "${SOURCE_DIR}/shim/*.h")
set(read 0)
foreach(source IN LISTS sources)
  if(source MATCHES "${tables}")
    continue()
  endif()
  math(EXPR read "${read} + 1")
  find_texts("${source}" "\"(${ids}|isolate-|stub-|drop-|add-)\"")
  # An entry of a link's log is made by Edits.
  if(NOT source MATCHES "^lib/(rules/edits|report/record)\\.cc$")
    find_texts("${source}" "edits\\.(push_back|emplace_back|insert)\\(|Edit\\{")
  endif()
  set(before "${problems}")
  find_texts("${source}" "\"-?(glibc|musl|gnu)[ .]?\"")
  if(source IN_LIST other_meaning)
    set(problems "${before}")
    if(NOT found)
      string(APPEND problems "${source} no longer names a C library as a text: take it out of the list in tests/lint/typed.cmake\n")
    endif()
  endif()
endforeach()
if(read LESS 100)
  string(APPEND problems "only ${read} files were read: this test no longer reads what it should\n")
endif()
if(problems)
  message(FATAL_ERROR "written as a text, and not as a value of the tables:\n${problems}")
endif()
message(STATUS "${count} ids are written in their tables alone, of ${read} files")
