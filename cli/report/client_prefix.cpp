// SPDX-License-Identifier: Apache-2.0
#include "cli/report/client_prefix.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

#include "cli/log/number.hpp"

namespace connfate::cli::report {
namespace {

using Address = std::array<std::uint8_t, 16>;
constexpr unsigned kMappedBits = 96;

/// IPv4 in its v4-mapped form, so that both families compare alike.
std::optional<Address> parse_address(std::string_view text) {
  char buffer[INET6_ADDRSTRLEN];
  if (text.size() >= sizeof(buffer)) return std::nullopt;
  text.copy(buffer, text.size());
  buffer[text.size()] = '\0';
  Address address{};
  if (inet_pton(AF_INET6, buffer, address.data()) == 1) return address;
  address[10] = address[11] = 0xff;
  if (inet_pton(AF_INET, buffer, address.data() + 12) == 1) return address;
  return std::nullopt;
}

bool is_ipv4(std::string_view text) noexcept {
  return std::ranges::all_of(text, [](char c) { return c == '.' || (c >= '0' && c <= '9'); }) &&
         std::ranges::count(text, '.') == 3;
}

bool same_bits(const Address& a, const Address& b, unsigned bits) noexcept {
  const unsigned whole = bits / 8;
  if (!std::equal(a.begin(), a.begin() + whole, b.begin())) return false;
  const unsigned rest = bits % 8;
  return rest == 0 || (a[whole] ^ b[whole]) >> (8 - rest) == 0;
}

}  // namespace

std::string_view network_of(std::string_view client, std::string& scratch) {
  if (is_ipv4(client)) {
    scratch.assign(client.substr(0, client.rfind('.')));
    scratch.append(".0/24");
    return scratch;
  }
  auto address = client.find(':') != client.npos ? parse_address(client) : std::nullopt;
  if (!address) return client;
  constexpr std::size_t kKept = 6;
  std::fill(address->begin() + kKept, address->end(), std::uint8_t{0});
  char buffer[INET6_ADDRSTRLEN];
  scratch.assign(inet_ntop(AF_INET6, address->data(), buffer, sizeof(buffer)));
  scratch.append("/48");
  return scratch;
}

std::optional<AddressPrefix> AddressPrefix::parse(std::string_view text) {
  const auto slash = text.find('/');
  const std::string_view written = text.substr(0, slash);
  const auto address = parse_address(written);
  if (!address) return std::nullopt;
  AddressPrefix prefix;
  prefix.address_ = *address;
  if (slash == text.npos) return prefix;
  const auto bits = log::parse_number(text.substr(slash + 1));
  const unsigned base = written.find(':') == written.npos ? kMappedBits : 0;
  if (!bits || *bits > 128 - base) return std::nullopt;
  prefix.bits_ = static_cast<unsigned>(*bits) + base;
  return prefix;
}

bool AddressPrefix::holds(std::string_view client) const {
  const auto address = parse_address(client);
  return address && same_bits(*address, address_, bits_);
}

}  // namespace connfate::cli::report
