// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the table of ICMP and ICMPv6 errors: for each type and code its name and what it means
// for a connection. Used by packet.hpp, whose IcmpError gives it to the rules about silence.
// Surprising: "port unreachable" counts as forbidden. No kernel answers TCP with it (that is what a
// RST is for), but a REJECT rule that is told nothing else does.

#include <cstdint>
#include <span>
#include <string_view>

namespace connfate::witness {

enum class IcmpMeaning : std::uint8_t {
  kUnreachable,  ///< also what a router says when the client's host, or its network, is gone
  kForbidden,    ///< somebody does not let it through
  kTooBig,       ///< the connection goes on in smaller packets: no kernel gives up for it
  kExpired,      ///< too many hops, or fragments that did not come
  kOther,        ///< a bad header, or a kind that is not in the table
};

struct IcmpKind {
  bool is_ipv4;
  std::uint8_t type;
  std::uint8_t code;
  std::string_view text;
  IcmpMeaning meaning;
};

/// RFC 792, RFC 1122 3.2.2.1, RFC 1812 5.2.7.1 and RFC 4443; no code twice.
std::span<const IcmpKind> icmp_kinds() noexcept;

/// A type that is an error about a packet of ours, whatever its code.
bool is_icmp_error(bool is_ipv4, std::uint8_t type) noexcept;

/// Of a kind that is not in the table the type decides, and the text is "error".
IcmpKind icmp_kind_of(bool is_ipv4, std::uint8_t type, std::uint8_t code) noexcept;

}  // namespace connfate::witness
