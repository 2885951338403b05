// SPDX-License-Identifier: Apache-2.0
#include "witness/wire/icmp_kind.hpp"

#include <algorithm>
#include <array>

namespace connfate::witness {
namespace {

using enum IcmpMeaning;

constexpr std::array kKinds{
    IcmpKind{true, 3, 0, "network unreachable", kUnreachable},
    IcmpKind{true, 3, 1, "host unreachable", kUnreachable},
    IcmpKind{true, 3, 2, "protocol unreachable", kForbidden},
    IcmpKind{true, 3, 3, "port unreachable", kForbidden},
    IcmpKind{true, 3, 4, "fragmentation needed", kTooBig},
    IcmpKind{true, 3, 5, "source route failed", kUnreachable},
    IcmpKind{true, 3, 6, "destination network unknown", kUnreachable},
    IcmpKind{true, 3, 7, "destination host unknown", kUnreachable},
    IcmpKind{true, 3, 8, "source host isolated", kUnreachable},
    IcmpKind{true, 3, 9, "network administratively prohibited", kForbidden},
    IcmpKind{true, 3, 10, "host administratively prohibited", kForbidden},
    IcmpKind{true, 3, 11, "network unreachable for type of service", kUnreachable},
    IcmpKind{true, 3, 12, "host unreachable for type of service", kUnreachable},
    IcmpKind{true, 3, 13, "administratively prohibited", kForbidden},
    IcmpKind{true, 3, 14, "host precedence violation", kUnreachable},
    IcmpKind{true, 3, 15, "precedence cutoff in effect", kUnreachable},
    IcmpKind{true, 11, 0, "ttl exceeded", kExpired},
    IcmpKind{true, 11, 1, "fragment reassembly time exceeded", kExpired},
    IcmpKind{true, 12, 0, "parameter problem", kOther},
    IcmpKind{false, 1, 0, "no route", kUnreachable},
    IcmpKind{false, 1, 1, "administratively prohibited", kForbidden},
    IcmpKind{false, 1, 2, "beyond scope of source address", kUnreachable},
    IcmpKind{false, 1, 3, "address unreachable", kUnreachable},
    IcmpKind{false, 1, 4, "port unreachable", kForbidden},
    IcmpKind{false, 1, 5, "source address failed ingress/egress policy", kForbidden},
    IcmpKind{false, 1, 6, "reject route to destination", kForbidden},
    IcmpKind{false, 2, 0, "packet too big", kTooBig},
    IcmpKind{false, 3, 0, "hop limit exceeded", kExpired},
    IcmpKind{false, 3, 1, "fragment reassembly time exceeded", kExpired},
    IcmpKind{false, 4, 0, "erroneous header field", kOther},
    IcmpKind{false, 4, 1, "unrecognized next header", kOther},
    IcmpKind{false, 4, 2, "unrecognized IPv6 option", kOther},
};

/// What every code of a type has in common.
IcmpMeaning meaning_of_type(bool is_ipv4, std::uint8_t type) noexcept {
  if (type == (is_ipv4 ? 3 : 1)) return kUnreachable;
  if (type == (is_ipv4 ? 11 : 3)) return kExpired;
  return !is_ipv4 && type == 2 ? kTooBig : kOther;
}

}  // namespace

std::span<const IcmpKind> icmp_kinds() noexcept {
  return kKinds;
}

bool is_icmp_error(bool is_ipv4, std::uint8_t type) noexcept {
  return std::ranges::any_of(kKinds, [is_ipv4, type](const IcmpKind& kind) {
    return kind.is_ipv4 == is_ipv4 && kind.type == type;
  });
}

IcmpKind icmp_kind_of(bool is_ipv4, std::uint8_t type, std::uint8_t code) noexcept {
  const auto* const found = std::ranges::find_if(kKinds, [&](const IcmpKind& kind) {
    return kind.is_ipv4 == is_ipv4 && kind.type == type && kind.code == code;
  });
  if (found != kKinds.end()) return *found;
  return {is_ipv4, type, code, "error", meaning_of_type(is_ipv4, type)};
}

}  // namespace connfate::witness
