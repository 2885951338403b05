// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the last page of the demo: access logs in the format that a site would use, and what
// `connfate report` says of them together with the lines of the witnesses. With CONNFATE_KEEP=1 the
// logs stay, in the directory that is printed.

#include <filesystem>
#include <string>
#include <vector>

#include "harness/temporary_directory.hpp"
#include "system/scenarios/scenarios.hpp"

namespace connfate::harness {

class Theatre;

class DemoReport {
 public:
  /// A second access log for that server: the combined format, the duration, the bundle.
  std::string log_config(ServerKind kind) const;

  /// Runs the command on what was logged. False when it fails or has nothing to say.
  bool print(Theatre& theatre) const;

 private:
  std::filesystem::path access_log(ServerKind kind) const;

  TemporaryDirectory directory_{"demo"};
};

}  // namespace connfate::harness
