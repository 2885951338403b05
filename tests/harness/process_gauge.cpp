// SPDX-License-Identifier: Apache-2.0
#include "harness/process_gauge.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

namespace connfate::harness {

std::uint64_t anonymous_bytes(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string word; status >> word;) {
    std::uint64_t kilobytes = 0;
    if (word == "RssAnon:" && status >> kilobytes) return kilobytes * 1024;
  }
  return 0;
}

std::uint64_t descriptors(pid_t pid) {
  std::error_code gone;
  std::filesystem::directory_iterator entries("/proc/" + std::to_string(pid) + "/fd", gone);
  std::uint64_t count = 0;
  for (; !gone && entries != std::filesystem::directory_iterator(); entries.increment(gone)) {
    ++count;
  }
  return count;
}

std::uint64_t Gauge::highest() const {
  return values_.empty() ? 0 : *std::ranges::max_element(values_);
}

std::uint64_t Gauge::median(std::size_t quarter) const {
  const std::size_t length = values_.size() / 4;
  if (length == 0) return last();
  const auto begin = values_.begin() + static_cast<std::ptrdiff_t>(quarter * length);
  std::vector<std::uint64_t> part(begin, begin + static_cast<std::ptrdiff_t>(length));
  std::ranges::sort(part);
  return part[part.size() / 2];
}

}  // namespace connfate::harness
