// SPDX-License-Identifier: Apache-2.0
#include "cli/report/input/client_prefix.hpp"

#include <arpa/inet.h>

#include <algorithm>

#include "cli/address_prefix.hpp"

namespace connfate::cli::report {
namespace {

bool is_ipv4(std::string_view text) noexcept {
  return std::ranges::all_of(text, [](char c) { return c == '.' || (c >= '0' && c <= '9'); }) &&
         std::ranges::count(text, '.') == 3;
}

constexpr std::string_view kMapped = "::ffff:";  // IPv4 in a listener for both

std::string_view without_mapping(std::string_view client) noexcept {
  return client.starts_with(kMapped) ? client.substr(kMapped.size()) : client;
}

}  // namespace

bool is_loopback(std::string_view client) noexcept {
  const std::string_view bare = without_mapping(client);
  return client == "::1" || (bare.starts_with("127.") && is_ipv4(bare));
}

std::string_view network_of(std::string_view client, std::string& scratch) {
  const std::string_view bare = without_mapping(client);  // most lines need no more than this look
  if (is_ipv4(bare)) {
    scratch.assign(bare.substr(0, bare.rfind('.')));
    scratch.append(".0/24");
    return scratch;
  }
  auto address = client.find(':') != client.npos ? parse_address(client) : std::nullopt;
  if (!address) return client;
  constexpr std::size_t kKept = 6;
  std::fill(address->address.begin() + kKept, address->address.end(), std::uint8_t{0});
  char buffer[INET6_ADDRSTRLEN];
  scratch.assign(inet_ntop(AF_INET6, address->address.data(), buffer, sizeof(buffer)));
  scratch.append("/48");
  return scratch;
}

}  // namespace connfate::cli::report
