// SPDX-License-Identifier: Apache-2.0
#include "witness/attribution/wording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace connfate::witness {

std::string to_text(Duration duration) {
  const double ms = std::max(0.0, std::chrono::duration<double, std::milli>(duration).count());
  if (ms < 9.95) return fmt::format("{:.1f} ms", ms);
  if (ms < 999.5) return fmt::format("{:.0f} ms", ms);
  return fmt::format("{:.1f} s", ms / 1000);
}

std::string to_text(const Endpoint& endpoint) {
  std::array<char, kAddressSize> buffer;
  CharWriter out(buffer.data(), buffer.size());
  write_address(endpoint, out);
  return std::string(out.view());
}

}  // namespace connfate::witness
