// SPDX-License-Identifier: Apache-2.0
#include "harness/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <stdexcept>
#include <system_error>

#include "harness/network_namespace.hpp"

namespace connfate::harness {
namespace {

constexpr int kCannotExecute = 127;

[[noreturn]] void throw_errno(const std::string& what) {
  throw std::system_error(errno, std::system_category(), what);
}

/// Between fork and exec: only async-signal-safe calls.
[[noreturn]] void become(char* const* arguments, const char* network_namespace, int output) {
  // httpd with MPM prefork ends by sending SIGTERM to its whole process group.
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGTERM);
  signal(SIGPIPE, SIG_DFL);
  if (network_namespace != nullptr) {
    const int fd = open(network_namespace, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || setns(fd, CLONE_NEWNET) != 0) _exit(kCannotExecute);
  }
  const int nothing = open("/dev/null", O_RDONLY);
  dup2(nothing, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  // The test's own sockets must not live on in the child: a connection would never close.
  close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
  execvp(arguments[0], arguments);
  _exit(kCannotExecute);
}

pid_t spawn(const Command& command, int output) {
  std::vector<std::string> words = command.arguments;
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  const std::string path =
      command.network_namespace.empty() ? "" : namespace_path(command.network_namespace);
  const pid_t pid = fork();
  if (pid < 0) throw_errno("fork");
  if (pid == 0) become(arguments.data(), path.empty() ? nullptr : path.c_str(), output);
  return pid;
}

int decode(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// nullopt when the child still runs after `limit`.
std::optional<int> wait_for_exit(pid_t pid, std::chrono::milliseconds limit) {
  // glibc 2.36 declares pidfd_open() without extern "C".
  const int watch = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
  if (watch < 0) throw_errno("pidfd_open");
  pollfd ended{watch, POLLIN, 0};
  const int ready = poll(&ended, 1, static_cast<int>(limit.count()));
  close(watch);
  if (ready <= 0) return std::nullopt;
  int status = 0;
  waitpid(pid, &status, 0);
  return decode(status);
}

/// The whole group: a server that ends so cannot end its workers itself.
int kill_and_wait(pid_t pid) {
  kill(-pid, SIGKILL);
  kill(pid, SIGKILL);
  int status = 0;
  waitpid(pid, &status, 0);
  return decode(status);
}

int open_output(const std::filesystem::path& file) {
  const int fd = open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (fd < 0) throw_errno(file);
  return fd;
}

std::string read_from_start(int fd) {
  std::string text(static_cast<std::size_t>(lseek(fd, 0, SEEK_END)), '\0');
  const ssize_t count = pread(fd, text.data(), text.size(), 0);
  text.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
  return text;
}

}  // namespace

Process::Process(const Command& command, const std::filesystem::path& output) : pid_(-1) {
  const int fd = open_output(output);
  pid_ = spawn(command, fd);
  close(fd);
}

Process::~Process() {
  stop(SIGTERM);
}

bool Process::running() {
  if (!exit_code_) exit_code_ = wait_for_exit(pid_, std::chrono::milliseconds(0));
  return !exit_code_;
}

void Process::signal(int number) const {
  if (!exit_code_) kill(pid_, number);
}

int Process::stop(int number, std::chrono::milliseconds limit) {
  if (!running()) return *exit_code_;
  kill(pid_, number);
  exit_code_ = wait_for_exit(pid_, limit);
  if (!exit_code_) exit_code_ = kill_and_wait(pid_);
  return *exit_code_;
}

Outcome run(const Command& command, std::chrono::milliseconds limit) {
  const int output = memfd_create("output", MFD_CLOEXEC);
  if (output < 0) throw_errno("memfd_create");
  const pid_t pid = spawn(command, output);
  const auto exit_code = wait_for_exit(pid, limit);
  Outcome outcome{exit_code ? *exit_code : kill_and_wait(pid), read_from_start(output)};
  close(output);
  return outcome;
}

Outcome run(std::vector<std::string> arguments) {
  return run(Command{.arguments = std::move(arguments)});
}

void run_or_throw(std::vector<std::string> arguments) {
  std::string line;
  for (const std::string& word : arguments) line += word + " ";
  const Outcome outcome = run(std::move(arguments));
  if (outcome.exit_code != 0) throw std::runtime_error(line + ": " + outcome.output);
}

void inherit_orphans() {
  if (prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) throw_errno("prctl");
}

std::vector<pid_t> children_of(pid_t pid) {
  const std::string id = std::to_string(pid);
  std::ifstream file("/proc/" + id + "/task/" + id + "/children");
  std::vector<pid_t> children;
  for (pid_t child = 0; file >> child;) children.push_back(child);
  return children;
}

}  // namespace connfate::harness
