// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Sources: everything that tells the witness about connections, opened as far as this host
// and the privileges of the process let it, and what is missing. Used at the start, while there are
// privileges, and by the self-check.

#include <string>
#include <vector>

#include "witness/sources/capture.hpp"
#include "witness/sources/diag_lookup.hpp"
#include "witness/sources/diag_source.hpp"
#include "witness/sources/queue_source.hpp"

namespace connfate::witness {

struct Sources {
  DiagSource ends;
  DiagLookup lookup;
  QueueSource queues;
  std::vector<Capture> captures;     ///< one per interface; empty: no packets
  unsigned report_queue = 0;         ///< how many reports it holds; 0: not known
  std::vector<std::string> missing;  ///< evidence that will not be had, and why; one sentence each
};

/// Throws std::runtime_error when a named interface does not exist, or the kernel has no SOCK_DIAG.
/// A missing privilege is no error: it is told in `missing`.
Sources open_sources(const std::vector<std::string>& interfaces);

}  // namespace connfate::witness
