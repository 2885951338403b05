// SPDX-License-Identifier: Apache-2.0
#include "peers/message_head.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace connfate::peers {

namespace {

constexpr std::size_t kLongestHead = 65536;

std::string read_until(Connection& connection, std::string_view end,
                       std::chrono::milliseconds timeout) {
  std::string text;
  while (!text.ends_with(end)) {
    char byte = 0;
    const auto count = connection.read({&byte, 1}, timeout);
    if (!count) throw std::runtime_error("peer: timed out within a message head");
    if (*count == 0) break;
    text += byte;
    if (text.size() > kLongestHead) throw std::runtime_error("peer: a message head without end");
  }
  return text;
}

std::string_view without_blanks(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number value{};
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec != std::errc() || text.empty()) return std::nullopt;
  return value;
}

}  // namespace

std::string read_head(Connection& connection, std::chrono::milliseconds timeout) {
  return read_until(connection, "\r\n\r\n", timeout);
}

std::string read_line(Connection& connection, std::chrono::milliseconds timeout) {
  return read_until(connection, "\n", timeout);
}

bool equal_without_case(std::string_view left, std::string_view right) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [&](char a, char b) { return lower(a) == lower(b); });
}

std::optional<std::string> header(std::string_view head, std::string_view name) {
  std::size_t line = head.find('\n');
  while (line != std::string_view::npos) {
    const std::string_view rest = head.substr(line + 1);
    const std::string_view text = rest.substr(0, rest.find('\n'));
    const std::size_t colon = text.find(':');
    if (colon != std::string_view::npos && equal_without_case(text.substr(0, colon), name)) {
      return std::string(without_blanks(text.substr(colon + 1)));
    }
    line = head.find('\n', line + 1);
  }
  return std::nullopt;
}

int status_of(std::string_view head) {
  const std::size_t blank = head.find(' ');
  if (!head.starts_with("HTTP/") || blank == std::string_view::npos) return 0;
  return parse_number<int>(head.substr(blank + 1, 3)).value_or(0);
}

std::optional<std::uint64_t> content_length(std::string_view head) {
  const auto value = header(head, "Content-Length");
  return value ? parse_number<std::uint64_t>(*value) : std::nullopt;
}

}  // namespace connfate::peers
