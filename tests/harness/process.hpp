// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides child programs: started (optionally in a network namespace), watched, and ended by pid.
// A child is sent SIGTERM by the kernel when the thread that started it dies, so that a killed test
// run leaves no server behind.
// Failure: a program that cannot be executed exits with 127; fork failures throw.

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace connfate::harness {

struct Command {
  std::vector<std::string> arguments;  ///< the program first; searched for in PATH
  std::string network_namespace{};     ///< a name of `ip netns`; empty: the caller's
};

/// A program that goes on while the test does something. The destructor stops it.
class Process {
 public:
  /// Standard output and error are appended to the file `output`.
  Process(const Command& command, const std::filesystem::path& output);
  /// Takes over a program that runs already: a child, or what a child left behind when it ended
  /// (inherit_orphans). The kernel does not end it with the test.
  explicit Process(pid_t running) : pid_(running) {}
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }
  bool running();
  void signal(int number) const;
  /// Sends `number`, waits, and sends SIGKILL when `limit` passed first. Returns the exit code, or
  /// 128 + signal, as a shell does; the same again when it had ended already.
  int stop(int number, std::chrono::milliseconds limit = std::chrono::seconds(10));

 private:
  pid_t pid_;
  std::optional<int> exit_code_;
};

struct Outcome {
  int exit_code;
  std::string output;  ///< standard output and error, interleaved as they came
};

/// Runs a program to its end; it is killed (exit code 137) when `limit` has passed.
Outcome run(const Command& command, std::chrono::milliseconds limit = std::chrono::seconds(60));
Outcome run(std::vector<std::string> arguments);

/// As run(), and throws std::runtime_error with the output when the exit code is not 0.
void run_or_throw(std::vector<std::string> arguments);

/// From now on, children of programs that end become children of this process, as daemons do.
void inherit_orphans();

/// The direct children of a process, for example the workers of a server.
std::vector<pid_t> children_of(pid_t pid);

}  // namespace connfate::harness
