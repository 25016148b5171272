// Directories of headers, and what is in them: compiled by this machine's own compiler.
#include "rescue/headers.h"

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "packages/owner.h"
#include "rescue/note.h"
#include "rescue/rescues.h"
#include "support/file.h"
#include "support/process.h"
#include "target/target.h"

namespace cgo_ld_shim::rescue {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class HeadersTest : public testing::Test {
 protected:
  HeadersTest() : directory_(absl::StrCat(testing::TempDir(), "/headers-XXXXXX")) {
    if (::mkdtemp(directory_.data()) == nullptr) std::abort();
    ::setenv("XDG_CACHE_HOME", directory_.c_str(), 1);
  }
  ~HeadersTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }
  std::string Write(const std::string& name, absl::string_view text) {
    const std::string path = absl::StrCat(directory_, "/", name);
    std::ofstream(path) << text;
    return path;
  }
  // What a C program prints; `words` for the compiler.
  std::string Run(absl::string_view source, std::vector<std::string> words) {
    const std::string path = Write("program.c", source), program = absl::StrCat(directory_, "/program");
    std::vector<std::string> argv = {"gcc", "-Wall", "-Wextra", "-Werror"};
    argv.insert(argv.end(), words.begin(), words.end());
    argv.insert(argv.end(), {"-o", program, path});
    const absl::StatusOr<support::ProcessResult> compiled = support::RunProcess(argv, {.merge_stderr = true});
    if (!compiled.ok() || compiled->exit_status != 0) {
      ADD_FAILURE() << compiled.status() << (compiled.ok() ? compiled->output : "");
      return "";
    }
    const absl::StatusOr<support::ProcessResult> ran = support::RunProcess({program}, {.merge_stderr = true});
    if (!ran.ok() || ran->signal != 0) ADD_FAILURE() << "the program did not run";
    return ran.ok() ? absl::StrCat(ran->output, "status ", ran->exit_status) : "";
  }
  // The same by glibc's header and by ours.
  void ExpectSame(const std::string& header, absl::string_view source) {
    const std::optional<HeaderDirectory> ours = OurHeaderDirectory(header);
    ASSERT_TRUE(ours.has_value());
    const std::string by_ours = Run(source, {"-I", ours->path});
    EXPECT_EQ(by_ours, Run(source, {}));
    EXPECT_NE(by_ours, "");
  }

 private:
  std::string directory_;
};

TEST_F(HeadersTest, QueuesAreThoseOfGlibc) {
  ExpectSame("sys/queue.h", R"c(
#include <stdio.h>
#include <sys/queue.h>
struct node { int n; SLIST_ENTRY(node) s; LIST_ENTRY(node) l; STAILQ_ENTRY(node) q; SIMPLEQ_ENTRY(node) p;
              TAILQ_ENTRY(node) t; CIRCLEQ_ENTRY(node) c; };
static struct node nodes[8];
SLIST_HEAD(slist, node); LIST_HEAD(list, node); STAILQ_HEAD(stailq, node); SIMPLEQ_HEAD(simpleq, node);
TAILQ_HEAD(tailq, node); CIRCLEQ_HEAD(circleq, node);
#define SHOW(each, head, field) do { struct node *e; printf(#each); each(e, head, field) printf(" %d", e->n); puts(""); } while (0)
int main(void) {
  struct slist s = SLIST_HEAD_INITIALIZER(s); struct list l; struct stailq q, q2; struct simpleq p;
  struct tailq t, t2; struct circleq c;
  for (int i = 0; i < 8; ++i) nodes[i].n = i;
  LIST_INIT(&l); STAILQ_INIT(&q); STAILQ_INIT(&q2); SIMPLEQ_INIT(&p); TAILQ_INIT(&t); TAILQ_INIT(&t2); CIRCLEQ_INIT(&c);
  printf("%d%d%d%d%d%d\n", SLIST_EMPTY(&s), LIST_EMPTY(&l), STAILQ_EMPTY(&q), SIMPLEQ_EMPTY(&p), TAILQ_EMPTY(&t), CIRCLEQ_EMPTY(&c));
  for (int i = 0; i < 4; ++i) {
    SLIST_INSERT_HEAD(&s, nodes + i, s); LIST_INSERT_HEAD(&l, nodes + i, l); STAILQ_INSERT_TAIL(&q, nodes + i, q);
    SIMPLEQ_INSERT_TAIL(&p, nodes + i, p); TAILQ_INSERT_TAIL(&t, nodes + i, t); CIRCLEQ_INSERT_TAIL(&c, nodes + i, c);
  }
  SLIST_INSERT_AFTER(nodes + 2, nodes + 4, s); LIST_INSERT_AFTER(nodes + 2, nodes + 4, l); LIST_INSERT_BEFORE(nodes + 2, nodes + 5, l);
  STAILQ_INSERT_AFTER(&q, nodes + 3, nodes + 4, q); STAILQ_INSERT_HEAD(&q, nodes + 5, q);
  SIMPLEQ_INSERT_AFTER(&p, nodes + 3, nodes + 4, p); SIMPLEQ_INSERT_HEAD(&p, nodes + 5, p);
  TAILQ_INSERT_AFTER(&t, nodes + 3, nodes + 4, t); TAILQ_INSERT_BEFORE(nodes + 1, nodes + 5, t); TAILQ_INSERT_HEAD(&t, nodes + 6, t);
  CIRCLEQ_INSERT_AFTER(&c, nodes + 3, nodes + 4, c); CIRCLEQ_INSERT_BEFORE(&c, nodes + 0, nodes + 5, c); CIRCLEQ_INSERT_HEAD(&c, nodes + 6, c);
  SHOW(SLIST_FOREACH, &s, s); SHOW(LIST_FOREACH, &l, l); SHOW(STAILQ_FOREACH, &q, q); SHOW(SIMPLEQ_FOREACH, &p, p);
  SHOW(TAILQ_FOREACH, &t, t); SHOW(CIRCLEQ_FOREACH, &c, c); SHOW(CIRCLEQ_FOREACH_REVERSE, &c, c);
  { struct node *e; TAILQ_FOREACH_REVERSE(e, &t, tailq, t) printf(" %d", e->n); puts(""); }
  SLIST_REMOVE(&s, nodes + 4, node, s); SLIST_REMOVE_HEAD(&s, s); LIST_REMOVE(nodes + 4, l); LIST_REMOVE(nodes + 3, l);
  STAILQ_REMOVE(&q, nodes + 4, node, q); STAILQ_REMOVE_HEAD(&q, q); STAILQ_INSERT_TAIL(&q2, nodes + 7, q); STAILQ_CONCAT(&q, &q2);
  SIMPLEQ_REMOVE(&p, nodes + 4, node, p); SIMPLEQ_REMOVE_HEAD(&p, p);
  TAILQ_REMOVE(&t, nodes + 4, t); TAILQ_REMOVE(&t, nodes + 6, t); TAILQ_INSERT_TAIL(&t2, nodes + 7, t); TAILQ_CONCAT(&t, &t2, t);
  CIRCLEQ_REMOVE(&c, nodes + 4, c); CIRCLEQ_REMOVE(&c, nodes + 6, c);
  SHOW(SLIST_FOREACH, &s, s); SHOW(LIST_FOREACH, &l, l); SHOW(STAILQ_FOREACH, &q, q); SHOW(SIMPLEQ_FOREACH, &p, p);
  SHOW(TAILQ_FOREACH, &t, t); SHOW(CIRCLEQ_FOREACH, &c, c);
  printf("%d %d %d %d %d\n", SLIST_FIRST(&s)->n, LIST_FIRST(&l)->n, TAILQ_LAST(&t, tailq)->n, TAILQ_PREV(nodes + 7, tailq, t)->n, CIRCLEQ_LAST(&c)->n);
  return STAILQ_EMPTY(&q2) && TAILQ_EMPTY(&t2);
}
)c");
}

TEST_F(HeadersTest, ErrorsAreToldAsByGlibc) {
  ExpectSame("error.h", R"c(
#define _GNU_SOURCE
#include <errno.h>
#include <error.h>
#include <stdio.h>
static void name(void) { fputs("me: ", stderr); }
int main(void) {
  printf("before\n");
  error(0, 0, "plain %d", 1);
  error(0, ENOENT, "with a reason");
  error_at_line(0, 0, "file.c", 7, "at a line");
  error_one_per_line = 1;
  for (int i = 0; i < 2; ++i) error_at_line(0, EACCES, "file.c", 8, "once");
  error_print_progname = name;
  error(0, 0, "named");
  error_at_line(0, 0, "file.c", 9, "named, at a line");
  printf("%u\n", error_message_count);
  error(3, 0, "the end");
}
)c");
}

TEST_F(HeadersTest, ABacktraceGoesBackToMain) {
  const std::optional<HeaderDirectory> ours = OurHeaderDirectory("execinfo.h");
  ASSERT_TRUE(ours.has_value());
  const std::string said = Run(R"c(
#include <execinfo.h>
int main(void);
__attribute__((noinline)) static int inner(void) {
  void *frames[16];
  int n = backtrace(frames, 16);
  char **texts = backtrace_symbols(frames, n);
  int right = n >= 2 && (char *)frames[1] > (char *)main && (char *)frames[1] < (char *)main + 200;
  right = right && texts && texts[0][0] == '[' && strtoul(texts[1] + 1, 0, 16) == (unsigned long)frames[1];
  free(texts);
  backtrace_symbols_fd(frames, 0, 1);
  return right && backtrace(frames, 1) == 1 && backtrace(frames, 0) == 0;
}
int main(void) { return inner() ? 42 : 1; }
)c",
                               {"-I", ours->path, "-O0"});
  EXPECT_EQ(said, "status 42");
}

TEST_F(HeadersTest, DeclarationsWithTheMacrosOfCdefsCompileAsCAndAsCxx) {
  const std::optional<HeaderDirectory> ours = OurHeaderDirectory("sys/cdefs.h");
  ASSERT_TRUE(ours.has_value());
  constexpr absl::string_view kSource =
      "#include <sys/cdefs.h>\n__BEGIN_DECLS\nint f __P((int)) __THROW __attribute_pure__;\n__END_DECLS\n"
      "#ifdef __cplusplus\nint f(int n) __THROW { return n; }\n#else\nint f(int n) { return n; }\n#endif\n"
      "int main(void) { return f(7) - 7; }\n";
  EXPECT_EQ(Run(kSource, {"-I", ours->path}), "status 0");
  EXPECT_EQ(Run(kSource, {"-I", ours->path, "-x", "c++"}), "status 0");
}

TEST_F(HeadersTest, APackagesHeadersComeAloneAndItsOwnAreAllThere) {
  if (packages::FilesOfDebianPackage("zlib1g-dev").empty()) GTEST_SKIP() << "no zlib1g-dev of Debian's";
  const std::optional<HeaderDirectory> zlib = HeadersOfPackage("zlib.h", std::string(target::HostArch()));
  ASSERT_TRUE(zlib.has_value());
  EXPECT_EQ(zlib->package, "zlib1g-dev");
  EXPECT_NE(zlib->version, "");
  // zconf.h is below /usr/include/<triple>, and of this architecture.
  EXPECT_THAT(support::ListDirectory(zlib->path), ElementsAre("zconf.h", "zlib.h"));
  const std::optional<HeaderDirectory> again = HeadersOfPackage("zlib.h", std::string(target::HostArch()));
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(again->path, zlib->path);
  EXPECT_EQ(again->version, zlib->version);
  // A part that somebody has deleted is made anew.
  std::filesystem::remove(zlib->path + "/zlib.h");
  EXPECT_TRUE(HeadersOfPackage("zlib.h", std::string(target::HostArch())).has_value());
  EXPECT_TRUE(std::filesystem::exists(zlib->path + "/zlib.h"));
}

TEST_F(HeadersTest, TheCLibrarysOwnHeadersAreNeverTaken) {
  for (const char* header : {"stdio.h", "fts.h", "no/such/header.h", "../lib/os-release", "/etc/passwd"})
    EXPECT_FALSE(HeadersOfPackage(header, "arm64").has_value()) << header;
}

TEST_F(HeadersTest, AnObjectCarriesItsNotesInCAndInAssembler) {
  const std::vector<Note> notes = {
      {"our-header", "sys/queue.h", "", "", "example.com/a"},
      {"package-header", "sqlite3.h", "libsqlite3-dev", "3.40.1-2+deb12u2", "example.com/a"}};
  const std::string header = Write("note.h", NoteSource(notes));
  for (const char* source : {"a.c", "a.cc", "a.S"}) {
    SCOPED_TRACE(source);
    const std::string object = Write("a.o", "");
    const absl::StatusOr<support::ProcessResult> compiled = support::RunProcess(
        {"gcc", "-Wall", "-Wextra", "-Werror", "-c", "-include", header, "-o", object, Write(source, "\n")},
        {.merge_stderr = true});
    ASSERT_TRUE(compiled.ok() && compiled->exit_status == 0) << (compiled.ok() ? compiled->output : "");
    EXPECT_EQ(ReadNotes(object), notes);
  }
  EXPECT_THAT(ReadNotes("/etc/os-release"), IsEmpty());
}

}  // namespace
}  // namespace cgo_ld_shim::rescue
