// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Host: a directory that `connfate doctor` takes for the root of a host. The programs of
// the servers are links to the real ones, the modules copies of those that were built; everything
// else is written by the test. Used by all tests of doctor.

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "cli/doctor/checks.hpp"
#include "harness/temporary_directory.hpp"

namespace connfate::cli {

class Host {
 public:
  std::filesystem::path operator/(std::string_view path) const;
  DoctorOptions options() const;

  void write(std::string_view path, std::string_view content) const;
  /// The distribution's program at its usual place. False: it is not installed.
  bool install(std::string_view program) const;
  /// A copy of a built module; with `from` replaced by `to` in its bytes. False: it was not built.
  bool install_module(std::string_view module, std::string_view path, std::string_view from = {},
                      std::string_view to = {}) const;

 private:
  harness::TemporaryDirectory directory_{"doctor"};
};

/// "problem nginx module: text -> mend" of each, one per line.
std::string lines_of(const Diagnoses& diagnoses);

/// The diagnoses about one thing.
Diagnoses about(const Diagnoses& diagnoses, std::string_view what);

/// Every diagnosis that is not ok says what mends it, and none that is ok does.
void expect_remedies(const Diagnoses& diagnoses);

/// The bytes of a number as they stand in a file of this machine.
template <typename Number>
std::string bytes_of(Number number) {
  return {reinterpret_cast<const char*>(&number), sizeof number};
}

}  // namespace connfate::cli
