// glibc looks users, groups and hosts up through modules that /etc/nsswitch.conf names. A static program loads them
// with dlopen, from a system that may be another one or not there at all; libnss_systemd.so.2, for one, crashes in it.
// Since glibc 2.34 the modules "files" and "dns" are part of libc.a (glibc NEWS 2.34), so that a program which uses
// only these needs nothing of the host's but /etc. This constructor says so before anything runs.
// __nss_configure_lookup is public (nss.h) and overrides the file.
//
// The reference is weak: the object never brings the name service switch into a program that does not have it.
extern int __nss_configure_lookup(const char* database, const char* services) __attribute__((weak));

static const struct {
  const char* database;
  const char* services;
} kLookups[] = {
    {"passwd", "files"},     {"group", "files"},     {"shadow", "files"},       {"gshadow", "files"},
    {"initgroups", "files"}, {"hosts", "files dns"}, {"networks", "files dns"}, {"services", "files"},
    {"protocols", "files"},  {"rpc", "files"},       {"ethers", "files"},       {"netgroup", "files"},
    {"aliases", "files"},    {"publickey", "files"},
};

// A note that says so of a stripped program, for `cgo-ld-shim check` (lib/inspect): owner, type 1, content.
static const struct {
  unsigned owner_size, content_size, type;
  char owner[12], content[12];
} kNote __attribute__((section(".note.cgo-ld-shim"), used, aligned(4))) = {12, 10, 1, "cgo-ld-shim", "nss-files"};

__attribute__((constructor(101))) static void cgo_ld_shim_nss_files(void) {
  if (!__nss_configure_lookup) return;
  for (unsigned i = 0; i < sizeof kLookups / sizeof kLookups[0]; i++) {
    __nss_configure_lookup(kLookups[i].database, kLookups[i].services);
  }
}
