// SPDX-License-Identifier: Apache-2.0
#include "witness/silence/icmp_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "witness/attribution/wording.hpp"

namespace connfate::witness {
namespace {

struct Meaning {
  std::uint8_t type;
  std::uint8_t code;
  std::string_view text;
};

constexpr std::array kIpv4{
    Meaning{3, 0, "network unreachable"},
    Meaning{3, 1, "host unreachable"},
    Meaning{3, 2, "protocol unreachable"},
    Meaning{3, 3, "port unreachable"},
    Meaning{3, 4, "fragmentation needed"},
    Meaning{3, 9, "network administratively prohibited"},
    Meaning{3, 10, "host administratively prohibited"},
    Meaning{3, 13, "administratively prohibited"},
    Meaning{11, 0, "ttl exceeded"},
};

constexpr std::array kIpv6{
    Meaning{1, 0, "no route"},
    Meaning{1, 1, "administratively prohibited"},
    Meaning{1, 3, "address unreachable"},
    Meaning{1, 4, "port unreachable"},
    Meaning{1, 5, "source address failed ingress/egress policy"},
    Meaning{1, 6, "reject route to destination"},
    Meaning{2, 0, "packet too big"},
    Meaning{3, 0, "hop limit exceeded"},
};

std::string_view meaning_of(std::span<const Meaning> meanings, const IcmpError& error) noexcept {
  const auto found = std::ranges::find_if(meanings, [&error](const Meaning& m) {
    return m.type == error.type && m.code == error.code;
  });
  return found == meanings.end() ? "error" : found->text;
}

}  // namespace

std::string to_text(const IcmpError& error) {
  const bool ipv4 = error.flow.local.is_ipv4();
  return fmt::format("{} {}/{} ({}) about this connection came from {}; nothing vouches for it",
                     ipv4 ? "ICMP" : "ICMPv6", int{error.type}, int{error.code},
                     ipv4 ? meaning_of(kIpv4, error) : meaning_of(kIpv6, error),
                     to_text(error.sender));
}

}  // namespace connfate::witness
