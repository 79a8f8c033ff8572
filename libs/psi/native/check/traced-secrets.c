// For the kernel as it runs: steps through it instruction by instruction, on two sets of secrets, and compares where it
// went. Exit code 0: the same way. 1: another way, so a branch depends on a secret. 77: this system lets nobody trace.
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>
#include "secrets.h"

typedef struct {
  uint64_t steps, hash;
} trace;

static trace trace_of(uint64_t seed) {
  static secrets s;
  draw(&s, seed);
  const pid_t child = fork();
  if (child == 0) {
    if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0) _exit(77);
    raise(SIGSTOP);
    _exit(use(&s) == -1 ? 0 : 1);
  }
  trace t = {0, 0xcbf29ce484222325u};
  int status = 0;
  for (waitpid(child, &status, 0); WIFSTOPPED(status); waitpid(child, &status, 0)) {
    struct user_regs_struct registers;
    if (ptrace(PTRACE_GETREGS, child, NULL, &registers) != 0) exit(77);
    t.steps += 1;
    t.hash = (t.hash ^ registers.rip) * 0x100000001b3u;
    if (ptrace(PTRACE_SINGLESTEP, child, NULL, NULL) != 0) exit(77);
  }
  if (!WIFEXITED(status)) exit(2);
  if (WEXITSTATUS(status) != 0) exit(WEXITSTATUS(status) == 77 ? 77 : 2);
  return t;
}

int main(void) {
  const trace one = trace_of(1), other = trace_of(2);
  printf("%llu %llu\n", (unsigned long long)one.steps, (unsigned long long)other.steps);
  return one.steps == other.steps && one.hash == other.hash ? 0 : 1;
}
