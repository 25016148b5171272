// Counts calls of execve in a map. Compiled by hand, so that no test needs a compiler for BPF:
//   clang -target bpf -O2 -g -fdebug-compilation-dir=. -c count.bpf.c -o ../count.bpf.o && llvm-strip -g ../count.bpf.o
struct {
  int (*type)[1];  // BPF_MAP_TYPE_HASH
  int* key;
  long* value;
  int (*max_entries)[1024];
} calls __attribute__((section(".maps"), used));

static void* (*const lookup)(void*, const void*) = (void*)1;

__attribute__((section("tracepoint/syscalls/sys_enter_execve"), used)) int count(void* context) {
  (void)context;
  int key = 0;
  long* value = lookup(&calls, &key);
  if (value) {
    __sync_fetch_and_add(value, 1);
  }
  return 0;
}

char terms[] __attribute__((section("license"), used)) = "GPL";
