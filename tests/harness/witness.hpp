// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides a running connfate-witness in the server's namespace, with delays short enough for
// tests, and its lines.
// Failure: construction throws with the daemon's own words when it does not start.

#include <chrono>
#include <filesystem>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "harness/hosts.hpp"
#include "harness/process.hpp"
#include "harness/temporary_directory.hpp"

namespace connfate::harness {

struct WitnessOptions {
  bool capture = true;
  bool log_all = true;
  std::string first_lookup = "300ms";
  std::string settle = "300ms";
  std::string afterlife = "1500ms";
  std::filesystem::path output{};   ///< empty: in a directory of its own
  std::vector<std::string> more{};  ///< further arguments
  /// Words before the program, as in "env NAME=value".
  std::vector<std::string> wrapper{};
};

class Witness {
 public:
  using Line = nlohmann::json;

  explicit Witness(Hosts hosts, WitnessOptions options = {});
  ~Witness();
  Witness(const Witness&) = delete;
  Witness& operator=(const Witness&) = delete;

  /// Where modules report to. The same after a restart.
  std::filesystem::path socket() const { return directory_.path() / "run" / "witness.sock"; }

  /// Returns when the daemon takes reports.
  void start();
  /// What it says to --check.
  std::string check() const;
  /// SIGTERM; the exit code.
  int stop();
  /// SIGKILL.
  void kill();
  Process& process() { return *process_; }

  /// Lines about responses and connections, oldest first.
  std::vector<Line> lines() const;
  /// Every line, those about the witness itself too.
  std::vector<Line> all_lines() const;
  /// Lines about the connection of this client port.
  std::vector<Line> lines_of(int client_port) const;
  /// The first final line about the connection of `client_port` for which `wanted` holds. Throws
  /// with all its lines when none comes within `limit`.
  Line wait_for(int client_port, const std::function<bool(const Line&)>& wanted,
                std::chrono::milliseconds limit = std::chrono::seconds(20)) const;
  /// The final lines about responses on that connection, as soon as there are `count` of them, or
  /// those that there are after `limit`.
  std::vector<Line> final_responses(
      int client_port, std::size_t count,
      std::chrono::milliseconds limit = std::chrono::seconds(30)) const;
  /// The first final line about a response on that connection.
  Line wait_for_response(int client_port,
                         std::chrono::milliseconds limit = std::chrono::seconds(20)) const;

  /// What the daemon said on standard error.
  std::string messages() const { return read_file(directory_.path() / "messages.txt"); }
  std::filesystem::path output() const {
    return options_.output.empty() ? directory_.path() / "witness.json" : options_.output;
  }

 private:
  std::vector<std::string> command_line(const std::string& socket) const;
  std::filesystem::path program() const { return directory_.path() / "connfate-witness"; }

  Hosts hosts_;
  WitnessOptions options_;
  TemporaryDirectory directory_;
  std::optional<Process> process_;
};

}  // namespace connfate::harness
