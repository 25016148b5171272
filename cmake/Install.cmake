# What is installed: a tree that can be moved, from which release/pack makes packages, and, when scikit-build-core runs CMake
# (pyproject.toml), a Python wheel.
include(GNUInstallDirs)

# Installing and packing take what is built, and need no test or benchmark.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)

if(SKBUILD)
  # The wheel's script is the executable itself: what pip puts into bin/ needs no Python to start. A wheel is a zip file
  # in which pip keeps no symbolic links, so the C++ name is a small program (shim/cxx_launcher.c).
  install(TARGETS cgo-ld-shim cgo-ld-shim-cxx-launcher RUNTIME DESTINATION "${SKBUILD_SCRIPTS_DIR}")
  set(share "${SKBUILD_DATA_DIR}/share")
else()
  install(TARGETS cgo-ld-shim)
  install(FILES "${PROJECT_BINARY_DIR}/cgo-ld-shim++" TYPE BIN)  # the link as it is: relative, so it survives DESTDIR
  set(share "${CMAKE_INSTALL_DATADIR}")
  install(FILES README.md CHANGELOG.md CONTRIBUTING.md RELEASING.md SECURITY.md LICENSE NOTICE DESTINATION "${share}/doc/cgo-ld-shim")
  install(DIRECTORY docs DESTINATION "${share}/doc/cgo-ld-shim")
endif()

if(CMAKE_CROSSCOMPILING_EMULATOR OR NOT CMAKE_CROSSCOMPILING)
  set(generated "${PROJECT_BINARY_DIR}/generated")
  install(FILES "${generated}/cgo-ld-shim.1" DESTINATION "${share}/man/man1")
  install(FILES "${generated}/cgo-ld-shim.bash" DESTINATION "${share}/bash-completion/completions" RENAME cgo-ld-shim)
  # zsh looks in the first, Debian's zsh below /usr in the second.
  install(FILES "${generated}/_cgo-ld-shim" DESTINATION "${share}/zsh/site-functions")
  install(FILES "${generated}/_cgo-ld-shim" DESTINATION "${share}/zsh/vendor-completions")
  install(FILES "${generated}/cgo-ld-shim.fish" DESTINATION "${share}/fish/vendor_completions.d")
endif()
