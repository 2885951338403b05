// SPDX-License-Identifier: Apache-2.0
#include "connfate/bundle.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "field_table.hpp"

namespace connfate {
namespace {

constexpr std::string_view kFirstKey = "fate=";
constexpr std::string_view kVersionKey = "v";

/// The field's name with its "=".
template <std::size_t kIndex>
constexpr auto kKey = [] {
  constexpr std::string_view kName = table::kFields[kIndex].name;
  std::array<char, kName.size() + 1> key{};
  *std::ranges::copy(kName, key.begin()).out = '=';
  return key;
}();

template <std::size_t kIndex>
void write_pair(const Observation& observation, CharWriter& out) noexcept {
  const CharWriter::Mark before = out.mark();
  out.text({kKey<kIndex>.data(), kKey<kIndex>.size()});
  if (table::kFields[kIndex].write(observation, out)) {
    out.put(' ');
  } else {
    out.back_to(before);
  }
}

template <std::size_t... kIndex>
void write_pairs(const Observation& observation, CharWriter& out,
                 std::index_sequence<kIndex...>) noexcept {
  (write_pair<kIndex>(observation, out), ...);
}

/// What tells of a healthy response, without its verdict's obvious parts.
constexpr std::array<std::string_view, 6> kShortFields = {"fate", "written", "rtt_us",
                                                          "end",  "cookie",  "rule"};
constexpr std::size_t kShortLength = 90;  ///< the short form is shorter, up to a megabyte

constexpr std::size_t index_in_table(std::string_view name) noexcept {
  std::size_t index = 0;
  while (table::kFields[index].name != name) ++index;
  return index;
}

template <std::size_t... kIndex>
void write_short_pairs(const Observation& observation, bool with_rtt, CharWriter& out,
                       std::index_sequence<kIndex...>) noexcept {
  (((with_rtt || kShortFields[kIndex] != "rtt_us")
        ? write_pair<index_in_table(kShortFields[kIndex])>(observation, out)
        : void()),
   ...);
}

/// Numbers of seven digits leave no room for the round trip, which the next line has again.
void write_short(const Observation& observation, CharWriter& out) noexcept {
  constexpr auto kAll = std::make_index_sequence<kShortFields.size()>{};
  constexpr std::size_t kVersionLength = std::string_view("v=1s").size();
  const CharWriter::Mark before = out.mark();
  const std::size_t start = out.size();
  write_short_pairs(observation, true, out, kAll);
  if (out.size() - start + kVersionLength < kShortLength) return;
  out.back_to(before);
  write_short_pairs(observation, false, out, kAll);
}

constexpr auto kIsWord = [] {
  std::array<bool, 256> is_word{};
  for (const char c : std::string_view("abcdefghijklmnopqrstuvwxyz"
                                       "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")) {
    is_word[static_cast<unsigned char>(c)] = true;
  }
  return is_word;
}();

/// Characters of keys and values. Everything else, a quote or a bracket for example, ends them.
constexpr bool is_word(char c) noexcept {
  return kIsWord[static_cast<unsigned char>(c)];
}

std::size_t word_length(std::string_view text) noexcept {
  return static_cast<std::size_t>(std::ranges::find_if_not(text, is_word) - text.begin());
}

/// A value may hold points, as a host's name does; one that ends it belongs to a sentence.
std::size_t value_length(std::string_view text) noexcept {
  std::size_t length = word_length(text);
  while (length > 0 && length + 1 < text.size() && text[length] == '.' &&
         is_word(text[length + 1])) {
    length += 1 + word_length(text.substr(length + 1));
  }
  return length;
}

/// Cuts "key=value" off the front of `text`. False when what comes next is not a pair.
bool take_pair(std::string_view& text, std::string_view& key, std::string_view& value) noexcept {
  const std::size_t equals = word_length(text);
  if (equals == 0 || equals == text.size() || text[equals] != '=') return false;
  key = text.substr(0, equals);
  text.remove_prefix(equals + 1);
  value = text.substr(0, value_length(text));
  text.remove_prefix(value.size());
  return !value.empty();
}

std::size_t index_of(std::string_view name) noexcept {
  const Field* field = find_field(name);
  return field != nullptr ? static_cast<std::size_t>(field->id) : kFieldCount;
}

/// The same, looked for from `from` on first: a bundle has its fields in the order of the table.
std::size_t index_from(std::size_t from, std::string_view name) noexcept {
  for (std::size_t i = from; i < kFieldCount; ++i) {
    if (fields()[i].name == name) return i;
  }
  return index_of(name);
}

}  // namespace

std::string_view write_bundle(const Observation& observation, Detail detail, char* buffer,
                              std::size_t size) noexcept {
  CharWriter out(buffer, size);
  const bool is_short = detail == Detail::kTrouble && is_healthy(observation);
  if (is_short) {
    write_short(observation, out);
  } else {
    write_pairs(observation, out, std::make_index_sequence<kFieldCount>{});
  }
  out.text(kVersionKey);
  out.put('=');
  out.text(is_short ? kShortBundleVersion : kBundleVersion);
  return out.view();
}

std::span<const std::string_view> short_fields() noexcept {
  return kShortFields;
}

std::string_view Bundle::get(std::string_view field) const noexcept {
  const std::size_t index = index_of(field);
  return index < kFieldCount ? values_[index] : std::string_view{};
}

std::optional<Bundle> Bundle::parse(std::string_view text) noexcept {
  Bundle bundle;
  std::string_view rest = text;
  std::string_view key;
  std::string_view value;
  std::size_t next = 0;
  while (take_pair(rest, key, value)) {
    if (key == kVersionKey) {
      bundle.version_ = value;
      bundle.text_ = text.substr(0, text.size() - rest.size());
      return bundle;
    }
    const std::size_t index = index_from(next, key);
    if (index == 0 && !bundle.values_[0].empty()) break;  // another one begins
    if (index < kFieldCount) {
      bundle.values_[index] = value;
      next = index + 1;
    }
    if (rest.empty() || rest.front() != ' ') break;
    rest.remove_prefix(1);
  }
  return std::nullopt;
}

std::optional<Bundle> find_bundle(std::string_view line) noexcept {
  // By its first letter, which libc finds many bytes at a time: logs are long.
  std::string_view head = line;
  while (!head.empty()) {
    const void* const found = ::memrchr(head.data(), kFirstKey.front(), head.size());
    if (found == nullptr) break;
    const auto at = static_cast<std::size_t>(static_cast<const char*>(found) - line.data());
    head = line.substr(0, at);
    const bool own_word = head.empty() || !is_word(head.back());
    if (!own_word || !line.substr(at).starts_with(kFirstKey)) continue;
    if (const auto bundle = Bundle::parse(line.substr(at))) return bundle;
  }
  return std::nullopt;
}

}  // namespace connfate
