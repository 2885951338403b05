// SPDX-License-Identifier: Apache-2.0
#include "cli/report/input/client_prefix.hpp"

#include <algorithm>
#include <array>

#include "cli/address_prefix.hpp"
#include "connfate/endpoint.hpp"

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
    static_assert(kIpv4NetworkBits == 24, "the last number is left out");
    scratch.assign(bare.substr(0, bare.rfind('.')));
    scratch.append(".0/24");
    return scratch;
  }
  const auto address = client.find(':') != client.npos ? parse_address(client) : std::nullopt;
  if (!address) return client;
  std::array<char, kNetworkSize> buffer;
  CharWriter out(buffer.data(), buffer.size());
  write_network(*address, out);
  scratch.assign(out.view());
  return scratch;
}

}  // namespace connfate::cli::report
