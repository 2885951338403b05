// SPDX-License-Identifier: Apache-2.0
#include "witness/sources/in_child.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <exception>
#include <system_error>

namespace connfate::witness::fixture {
namespace {

int outcome_of(const std::function<bool()>& holds) {
  try {
    return holds() ? 0 : 1;
  } catch (const std::exception& error) {
    (void)std::fprintf(stderr, "child: %s\n", error.what());
    return 2;
  }
}

}  // namespace

int in_child(const std::function<bool()>& holds) {
  const pid_t pid = ::fork();
  if (pid < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (pid == 0) ::_exit(outcome_of(holds));
  int status = 0;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace connfate::witness::fixture
