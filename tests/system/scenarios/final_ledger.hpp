// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the ledger of a server's scenarios: what its access log said of each response, to be
// compared at the end with what the witness finally said. The pair must tell the truth and nothing
// more: no scenario of the table has a RST that its client did not send, so no final line may say
// `rst_from=path`, and only a scenario that broke the path may be said to have a broken one.

#include <string>
#include <string_view>
#include <vector>

#include "harness/log_line.hpp"
#include "harness/witness.hpp"

namespace connfate::harness {

struct LedgerEntry {
  std::string scenario;  ///< with its protocol
  bool path_was_broken = false;
  bool witnessed = true;  ///< a TCP connection; unix-domain sockets are not reported
  const Witness* witness = nullptr;
  std::vector<LogLine> lines;  ///< of one connection
};

/// Waits for the final lines of the entry's connection. One sentence per broken promise.
std::vector<std::string> complaints(const LedgerEntry& entry);

}  // namespace connfate::harness
