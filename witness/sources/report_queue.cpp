// SPDX-License-Identifier: Apache-2.0
#include "witness/sources/report_queue.hpp"

#include <unistd.h>

#include <algorithm>
#include <fstream>

namespace connfate::witness {
namespace {

constexpr const char* kSysctl = "/proc/sys/net/unix/max_dgram_qlen";

std::optional<unsigned> read_sysctl() {
  std::ifstream file(kSysctl);
  unsigned limit = 0;
  return file >> limit ? std::optional(limit) : std::nullopt;
}

void write_sysctl(unsigned limit) {
  std::ofstream(kSysctl) << limit << std::flush;
}

}  // namespace

std::optional<unsigned> report_queue_limit() {
  const auto limit = read_sysctl();
  if (!limit) return std::nullopt;
  const bool can_be_raised = ::access(kSysctl, W_OK) == 0;
  // The kernel lets one more in than it says.
  return (can_be_raised ? std::max(*limit, kReportQueue) : *limit) + 1;
}

LongerQueue::LongerQueue() : before_(read_sysctl()) {
  if (before_ && *before_ < kReportQueue) write_sysctl(kReportQueue);
}

LongerQueue::~LongerQueue() {
  if (before_ && *before_ < kReportQueue) write_sysctl(*before_);
}

}  // namespace connfate::witness
