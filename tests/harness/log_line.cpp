// SPDX-License-Identifier: Apache-2.0
#include "harness/log_line.hpp"

#include <charconv>

namespace connfate::harness {
namespace {

constexpr std::string_view kStatus = "status=";
constexpr std::string_view kUri = " uri=\"";

template <typename Number>
std::optional<Number> to_number(std::string_view text) {
  Number value{};
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end) return std::nullopt;
  return value;
}

/// Position of the quote that ends the request line; httpd escapes inner quotes with a backslash.
std::size_t closing_quote(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && text[at] != '"') at += text[at] == '\\' ? 2 : 1;
  return at < text.size() ? at : std::string_view::npos;
}

void add_word(std::string_view word, LogLine& line) {
  const auto equals = word.find('=');
  if (equals == std::string_view::npos) return;
  const std::string_view key = word.substr(0, equals);
  const std::string_view value = word.substr(equals + 1);
  if (key == "port") {
    line.client_port = to_number<int>(value).value_or(0);
  } else if (!value.empty() && value != "-") {
    line.fields.emplace(key, value);
  }
}

}  // namespace

std::string LogLine::field(std::string_view name) const {
  const auto found = fields.find(name);
  return found == fields.end() ? "" : found->second;
}

std::optional<std::uint64_t> LogLine::number(std::string_view name) const {
  return to_number<std::uint64_t>(field(name));
}

std::optional<LogLine> parse_log_line(std::string_view text) {
  const auto uri = text.find(kUri);
  if (!text.starts_with(kStatus) || uri == std::string_view::npos) return std::nullopt;
  LogLine line{.text = std::string(text)};
  line.status = to_number<int>(text.substr(kStatus.size(), uri - kStatus.size())).value_or(0);
  text.remove_prefix(uri + kUri.size());
  const auto quote = closing_quote(text);
  if (quote == std::string_view::npos) return std::nullopt;
  line.uri = text.substr(0, quote);
  text.remove_prefix(quote + 1);
  while (!text.empty()) {
    const auto space = text.find(' ');
    add_word(text.substr(0, space), line);
    text.remove_prefix(space == std::string_view::npos ? text.size() : space + 1);
  }
  return line;
}

}  // namespace connfate::harness
