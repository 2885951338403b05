// SPDX-License-Identifier: Apache-2.0
#include "cli/log/access_line.hpp"

#include <algorithm>
#include <array>

#include "cli/log/fate_word.hpp"
#include "cli/log/json_key.hpp"
#include "cli/log/log_time.hpp"
#include "cli/log/number.hpp"
#include "cli/log/request_line.hpp"

namespace connfate::cli::log {
namespace {

/// The place of the quote that ends a text; servers write a quote inside of it as \" or \x22.
std::size_t closing_quote(std::string_view text, std::size_t from) noexcept {
  auto at = text.find('"', from);
  while (at != text.npos && at > from && text[at - 1] == '\\') {
    std::size_t slashes = 0;
    while (at - slashes > from && text[at - slashes - 1] == '\\') ++slashes;
    if (slashes % 2 == 0) break;
    at = text.find('"', at + 1);
  }
  return at;
}

std::size_t quotes_in(std::string_view text) noexcept {
  std::size_t count = 0;
  for (auto at = closing_quote(text, 0); at != text.npos; at = closing_quote(text, at + 1)) ++count;
  return count;
}

/// An odd number of quotes behind the bundle: it stands inside of a quoted text. That is ours only
/// when the text holds nothing else and ends the line.
bool was_written_by_client(std::string_view line, std::string_view bundle) noexcept {
  const auto start = static_cast<std::size_t>(bundle.data() - line.data());
  const std::string_view behind = line.substr(start + bundle.size());
  if (quotes_in(behind) % 2 == 0) return false;
  return behind != "\"" || start == 0 || line[start - 1] != '"';
}

/// The last bundle that no client wrote; headers may stand behind it. A line has few quoted texts,
/// one with many is not worth the time.
std::optional<Bundle> find_servers_bundle(std::string_view line) noexcept {
  constexpr int kMostForged = 8;
  std::string_view rest = line;
  for (int i = 0; i < kMostForged; ++i) {
    const auto bundle = find_bundle(rest);
    if (!bundle || !was_written_by_client(line, bundle->text())) return bundle;
    rest = line.substr(0, static_cast<std::size_t>(bundle->text().data() - line.data()));
  }
  return std::nullopt;
}

bool is_address(std::string_view word) noexcept {
  std::size_t dots = 0;
  std::size_t colons = 0;
  for (const char c : word) {
    const bool hex = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    dots += c == '.' ? 1U : 0U;
    colons += c == ':' ? 1U : 0U;
    if (!hex && c != '.' && c != ':') return false;
  }
  return colons >= 2 || (colons == 0 && dots == 3);
}

bool is_host(std::string_view word) noexcept {
  const bool has_letter = std::ranges::any_of(
      word, [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
  return has_letter && (word.find('.') != word.npos || word.starts_with("localhost")) &&
         word.find_first_of("=/\"[]") == word.npos;
}

std::string_view without_port(std::string_view host) noexcept {
  const auto colon = host.rfind(':');
  return colon == host.npos ? host : host.substr(0, colon);
}

std::string_view take_word(std::string_view& text) noexcept {
  const auto start = std::min(text.find_first_not_of(' '), text.size());
  text.remove_prefix(start);
  const std::string_view word = text.substr(0, std::min(text.find(' '), text.size()));
  text.remove_prefix(word.size());
  return word;
}

void take_bracketed_time(std::string_view head, Record& record) noexcept {
  for (auto at = head.find('['); at != head.npos && !record.time; at = head.find('[', at + 1)) {
    record.time = parse_clf_time(head.substr(at + 1));
    if (!record.time) record.time = parse_iso_time(head.substr(at + 1));
  }
}

/// What stands before the request: time, client, host, in any order.
void take_head(std::string_view head, Record& record) noexcept {
  take_bracketed_time(head, record);
  constexpr int kMostWords = 8;
  for (int i = 0; i < kMostWords && !head.empty(); ++i) {
    const std::string_view word = take_word(head);
    if (record.client.empty() && is_address(word)) {
      record.client = word;
    } else if (record.host.empty() && record.client.empty() && is_host(word)) {
      record.host = without_port(word);
    } else if (!record.time && word.size() >= 19) {
      record.time = parse_iso_time(word);
    }
  }
  // httpd with HostnameLookups writes the client's name where its address would be.
  if (record.client.empty()) std::swap(record.client, record.host);
}

void take_key_value(std::string_view word, Record& record) {
  constexpr std::array<std::string_view, 7> kKeys = {
      "request_id", "host", "server", "request_time", "duration_ms", "duration_us", "method"};
  const auto equals = word.find('=');
  const std::string_view key = word.substr(0, equals);
  if (std::ranges::find(kKeys, key) != kKeys.end()) {
    set_member(record, key, word.substr(equals + 1));
  }
}

/// nginx writes $request_time with three decimals; a word with a point and anything else is not it.
bool is_request_time(std::string_view word) noexcept {
  return word.size() >= 5 && word[word.size() - 4] == '.' &&
         std::ranges::all_of(word, [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
}

/// What stands between the request and the bundle: status, bytes, duration, quoted headers.
void take_tail(std::string_view tail, Record& record) {
  const std::string_view status = take_word(tail);
  if (status.size() == 3 && parse_number(status)) record.status = status;
  if (std::string_view ahead = tail; parse_number(take_word(ahead)) && !record.status.empty()) {
    record.bytes = take_word(tail);
  }
  while (!tail.empty()) {
    if (tail.front() == '"') {
      const auto end = closing_quote(tail, 1);
      tail.remove_prefix(end == tail.npos ? tail.size() : end + 1);
      continue;
    }
    const std::string_view word = take_word(tail);
    if (!record.duration && is_request_time(word)) {
      record.duration = parse_seconds(word);
    } else if (word.find('=') != word.npos) {
      take_key_value(word, record);
    }
    while (tail.starts_with(' ')) tail.remove_prefix(1);
  }
}

/// Finds the first quoted text that is a request, and reads what stands around it.
bool take_around_request(std::string_view text, Record& record) {
  auto open = text.find('"');
  const auto first_quote = open;
  while (open != text.npos) {
    const auto end = closing_quote(text, open + 1);
    if (end == text.npos) break;
    if (take_request(text.substr(open + 1, end - open - 1), record)) {
      take_head(text.substr(0, open), record);
      take_tail(text.substr(end + 1), record);
      return true;
    }
    open = text.find('"', end + 1);
  }
  take_head(text.substr(0, first_quote), record);
  return false;
}

}  // namespace

void parse_access_line(std::string_view line, Record& record) {
  record.bundle = find_servers_bundle(line);
  std::string_view words = line;
  if (record.bundle) {
    words = line.substr(0, static_cast<std::size_t>(record.bundle->text().data() - line.data()));
    record.fate = fate_of_line(record.bundle->get("fate"), record.bundle->get("rule"));
  }
  const bool has_request = take_around_request(words, record);
  if (record.bundle) {
    record.kind = record.fate ? Kind::kBundle : Kind::kNoFate;
  } else {
    // A malformed request ("-", binary) is still a request when time and client are there.
    const bool is_request = has_request || (record.time && !record.client.empty());
    record.kind = is_request ? Kind::kNoFate : Kind::kUnparsable;
  }
}

}  // namespace connfate::cli::log
