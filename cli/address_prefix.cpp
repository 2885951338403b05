// SPDX-License-Identifier: Apache-2.0
#include "cli/address_prefix.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <charconv>
#include <span>
#include <string>

namespace connfate::cli {
namespace {

constexpr unsigned kIpv6Bits = 128;
constexpr unsigned kIpv4Bits = 32;

std::optional<unsigned> parse_bits(std::string_view text, unsigned most) {
  unsigned bits = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, bits);
  if (error != std::errc() || end != last || bits > most) return std::nullopt;
  return bits;
}

}  // namespace

std::optional<Endpoint> parse_address(std::string_view text) noexcept {
  std::array<char, kAddressSize> buffer{};
  if (text.size() >= buffer.size()) return std::nullopt;
  text.copy(buffer.data(), text.size());
  std::array<std::uint8_t, sizeof(in6_addr)> bytes{};
  if (::inet_pton(AF_INET, buffer.data(), bytes.data()) == 1) {
    return Endpoint::from(std::span(bytes).first(sizeof(in_addr)), 0);
  }
  if (::inet_pton(AF_INET6, buffer.data(), bytes.data()) == 1) return Endpoint::from(bytes, 0);
  return std::nullopt;
}

bool AddressPrefix::contains(const Endpoint& client) const noexcept {
  for (unsigned bit = 0; bit < bits; ++bit) {
    const unsigned mask = 0x80U >> (bit % 8);
    if ((network.address[bit / 8] & mask) != (client.address[bit / 8] & mask)) return false;
  }
  return true;
}

std::optional<AddressPrefix> parse_prefix(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = parse_address(text.substr(0, slash));
  if (!address) return std::nullopt;
  const unsigned most = address->is_ipv4() ? kIpv4Bits : kIpv6Bits;
  const auto bits =
      slash == text.npos ? std::optional(most) : parse_bits(text.substr(slash + 1), most);
  if (!bits) return std::nullopt;
  return AddressPrefix{*address, kIpv6Bits - most + *bits};
}

}  // namespace connfate::cli
