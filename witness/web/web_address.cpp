// SPDX-License-Identifier: Apache-2.0
#include "witness/web/web_address.hpp"

#include <charconv>
#include <cstdint>
#include <string_view>

namespace connfate::witness {
namespace {

std::optional<std::uint16_t> parse_port(std::string_view text) noexcept {
  std::uint16_t port = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, port);
  if (error != std::errc() || end != last || port == 0) return std::nullopt;
  return port;
}

std::string_view without_brackets(std::string_view host) noexcept {
  const bool has_brackets = host.size() > 2 && host.front() == '[' && host.back() == ']';
  return has_brackets ? host.substr(1, host.size() - 2) : host;
}

}  // namespace

std::optional<WebAddress> parse_web_address(const std::string& text) {
  if (text.starts_with('/')) return WebAddress{.path = text, .ip = {}};
  const auto colon = text.rfind(':');
  if (colon == std::string::npos) return std::nullopt;
  const auto port = parse_port(std::string_view(text).substr(colon + 1));
  const std::string_view host = std::string_view(text).substr(0, colon);
  const bool is_bare_v6 = host.find(':') != std::string_view::npos && !host.starts_with('[');
  boost::system::error_code error;
  const auto ip = boost::asio::ip::make_address(std::string(without_brackets(host)), error);
  if (error || !port || is_bare_v6) return std::nullopt;
  return WebAddress{.path = {}, .ip = ip, .port = *port};
}

}  // namespace connfate::witness
