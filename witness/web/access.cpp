// SPDX-License-Identifier: Apache-2.0
#include "witness/web/access.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdint>

namespace connfate::witness {
namespace {

bool is_address(int family, std::string_view text) noexcept {
  std::array<char, INET6_ADDRSTRLEN> terminated{};
  if (text.size() >= terminated.size()) return false;
  std::copy(text.begin(), text.end(), terminated.begin());
  std::array<unsigned char, 16> address;
  return ::inet_pton(family, terminated.data(), address.data()) == 1;
}

bool is_port(std::string_view text) noexcept {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc() && end == text.data() + text.size();
}

bool is_same_name(std::string_view left, std::string_view right) noexcept {
  const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [&](char a, char b) { return lower(a) == lower(b); });
}

/// Without the port, which a proxy or `ssh -L` changes. Empty for what is no host.
std::string_view host_of(std::string_view field) noexcept {
  const auto bracket = field.rfind(']');
  const auto colon = field.rfind(':');
  if (colon == std::string_view::npos || (bracket != std::string_view::npos && colon < bracket)) {
    return field;
  }
  return is_port(field.substr(colon + 1)) ? field.substr(0, colon) : std::string_view();
}

bool is_address_literal(std::string_view host) noexcept {
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    return is_address(AF_INET6, host.substr(1, host.size() - 2));
  }
  return is_address(AF_INET, host);
}

bool is_bearer_of(std::string_view authorization, std::string_view token) noexcept {
  constexpr std::string_view kScheme = "Bearer ";
  return !token.empty() && authorization.size() > kScheme.size() &&
         is_same_name(authorization.substr(0, kScheme.size()), kScheme) &&
         is_same_secret(authorization.substr(kScheme.size()), token);
}

}  // namespace

bool is_same_secret(std::string_view left, std::string_view right) noexcept {
  unsigned difference = left.size() == right.size() ? 0 : 1;
  for (std::size_t i = 0; i < left.size() && !right.empty(); ++i) {
    const auto other = static_cast<unsigned char>(right[i % right.size()]);
    difference |= static_cast<unsigned char>(left[i]) ^ other;
  }
  return difference == 0;
}

Admittance Access::of(const RequestHead& request) const noexcept {
  if (request.method != "GET") return Admittance::kMethodNotAllowed;
  const std::string_view host = host_of(request.host);
  const auto is_known = [&](const std::string& name) { return is_same_name(host, name); };
  if (!is_address_literal(host) && !is_same_name(host, "localhost") &&
      std::none_of(hosts.begin(), hosts.end(), is_known)) {
    return Admittance::kMisdirected;
  }
  const bool may = !needs_token || is_bearer_of(request.authorization, token);
  return may ? Admittance::kGranted : Admittance::kUnauthorized;
}

}  // namespace connfate::witness
