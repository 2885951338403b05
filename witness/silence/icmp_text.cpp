// SPDX-License-Identifier: Apache-2.0
#include "witness/silence/icmp_text.hpp"

#include <fmt/format.h>

#include "witness/attribution/wording.hpp"

namespace connfate::witness {

std::string to_text(const IcmpError& error) {
  const IcmpKind kind = error.kind();
  return fmt::format("{} {}/{} ({}) about this connection came from {}; nothing vouches for it",
                     kind.is_ipv4 ? "ICMP" : "ICMPv6", int{kind.type}, int{kind.code}, kind.text,
                     to_text(error.sender));
}

}  // namespace connfate::witness
