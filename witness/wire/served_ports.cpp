// SPDX-License-Identifier: Apache-2.0
#include "witness/wire/served_ports.hpp"

namespace connfate::witness {

void ServedPorts::add(std::uint16_t port) {
  if (contains(port)) return;
  bits_[port / 64U] |= std::uint64_t{1} << (port % 64U);
  ++count_;
}

bool ServedPorts::contains(std::uint16_t port) const noexcept {
  return (bits_[port / 64U] >> (port % 64U) & 1U) != 0;
}

}  // namespace connfate::witness
