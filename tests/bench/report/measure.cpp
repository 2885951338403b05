// SPDX-License-Identifier: Apache-2.0
// Runs a command and writes to standard error what it took:
//
//   connfate_measure COMMAND...      ->  "<wall seconds> <CPU seconds> <peak memory in MB>"
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>

namespace {

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  using Clock = std::chrono::steady_clock;
  const auto start = Clock::now();
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::execvp(argv[1], argv + 1);
    ::_exit(127);
  }
  int status = 0;
  rusage used{};
  if (::wait4(pid, &status, 0, &used) != pid || !WIFEXITED(status)) return 1;
  const std::chrono::duration<double> wall = Clock::now() - start;
  (void)std::fprintf(stderr, "%.3f %.3f %.1f\n", wall.count(),
                     seconds(used.ru_utime) + seconds(used.ru_stime),
                     static_cast<double>(used.ru_maxrss) / 1000);
  return WEXITSTATUS(status);
}
