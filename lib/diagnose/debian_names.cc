#include <algorithm>
#include <iterator>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "diagnose/diagnose.h"

namespace cgo_ld_shim::diagnose {
namespace {

// Libraries whose development package is not called lib<name>-dev, as of Debian 12; Ubuntu has the same names.
struct Row {
  const char* library;  // as in -l
  const char* package;
};
constexpr Row kRows[] = {
    {"EGL", "libegl-dev"},
    {"GL", "libgl-dev"},
    {"X11", "libx11-dev"},
    {"asound", "libasound2-dev"},
    {"blas", "libblas-dev"},
    {"com_err", "comerr-dev"},
    {"crypto", "libssl-dev"},
    {"curl", "libcurl4-openssl-dev"},
    {"dbus-1", "libdbus-1-dev"},
    {"event", "libevent-dev"},
    {"fdisk", "libfdisk-dev"},
    {"freetype", "libfreetype-dev"},
    {"fuse3", "libfuse3-dev"},
    {"gio-2.0", "libglib2.0-dev"},
    {"glib-2.0", "libglib2.0-dev"},
    {"gnutls", "libgnutls28-dev"},
    {"gobject-2.0", "libglib2.0-dev"},
    {"gpgme", "libgpgme-dev"},
    {"gssapi_krb5", "libkrb5-dev"},
    {"hdf5", "libhdf5-dev"},
    {"icui18n", "libicu-dev"},
    {"icuuc", "libicu-dev"},
    {"jpeg", "libjpeg-dev"},
    {"ldap", "libldap-dev"},
    {"mysqlclient", "default-libmysqlclient-dev"},
    {"ncurses", "libncurses-dev"},
    {"ncursesw", "libncurses-dev"},
    {"opus", "libopus-dev"},
    {"pcre", "libpcre3-dev"},
    {"pcre2-8", "libpcre2-dev"},
    {"png16", "libpng-dev"},
    {"pq", "libpq-dev"},
    {"resolv", "libc6-dev"},
    {"sasl2", "libsasl2-dev"},
    {"snmp", "libsnmp-dev"},
    {"sodium", "libsodium-dev"},
    {"ssh", "libssh-dev"},
    {"ssh2", "libssh2-1-dev"},
    {"ssl", "libssl-dev"},
    {"stdc++", "g++"},
    {"tiff", "libtiff-dev"},
    {"tinfo", "libncurses-dev"},
    {"usb-1.0", "libusb-1.0-0-dev"},
    {"uuid", "uuid-dev"},
    {"z", "zlib1g-dev"},
    {"zlib", "zlib1g-dev"},  // its pkg-config name
    {"zmq", "libzmq3-dev"},
};

}  // namespace

std::string DebianPackage(const std::string& library) {
  const auto* row =
      std::find_if(std::begin(kRows), std::end(kRows), [&](const Row& r) { return library == r.library; });
  if (row != std::end(kRows)) return row->package;
  // Package names have no capitals and no underscores.
  std::string name = absl::AsciiStrToLower(library);
  std::replace(name.begin(), name.end(), '_', '-');
  return absl::StrCat("lib", name, "-dev");
}

}  // namespace cgo_ld_shim::diagnose
