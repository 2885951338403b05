// SPDX-License-Identifier: Apache-2.0
#include "connfate/report.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <bitset>
#include <cstring>
#include <utility>

#include "report_items.hpp"

namespace connfate {
namespace {

using namespace wire;

constexpr std::array<std::byte, 5> kHead{std::byte{'C'}, std::byte{'N'}, std::byte{'F'},
                                         std::byte{'R'}, std::byte{1}};
constexpr std::size_t kTags = 256;

constexpr bool tags_are_distinct() noexcept {
  std::array<bool, kTags> seen{};
  seen[kNextReport] = true;
  const auto is_new = [&](std::uint8_t tag) { return !std::exchange(seen[tag], true); };
  return std::apply([&](const auto&... item) { return (is_new(item.tag) && ...); }, kItems);
}
constexpr bool tags_tell_the_kind() noexcept {
  return std::apply(
      [](const auto&... item) { return (((item.tag < kFirstText) == item.kIsNumber) && ...); },
      kItems);
}
constexpr std::size_t longest_datagram() noexcept {
  return std::apply([](const auto&... item) { return (kHead.size() + ... + item.size()); }, kItems);
}
static_assert(tags_are_distinct() && tags_tell_the_kind());
static_assert(longest_datagram() <= kReportSize);

/// Numbers are little endian, which on most machines is how they lie in memory already.
template <typename T>
T swapped_unless_little(T value) noexcept {
  if constexpr (std::endian::native == std::endian::little) return value;
  auto bytes = std::bit_cast<std::array<std::byte, sizeof(T)>>(value);
  std::ranges::reverse(bytes);
  return std::bit_cast<T>(bytes);
}

template <typename T>
std::byte* put(T value, std::byte* at) noexcept {
  value = swapped_unless_little(value);
  std::memcpy(at, &value, sizeof value);
  return at + sizeof value;
}

template <typename T>
T get(std::span<const std::byte> bytes) noexcept {
  T value;
  std::memcpy(&value, bytes.data(), sizeof value);
  return swapped_unless_little(value);
}

std::byte* put_number(std::uint8_t tag, std::uint64_t value, std::byte* at) noexcept {
  return put(value, put(tag, at));
}

std::byte* put_text(std::uint8_t tag, const void* bytes, std::size_t size, std::byte* at) noexcept {
  if (size == 0) return at;
  at = put(static_cast<std::uint16_t>(size), put(tag, at));
  std::memcpy(at, bytes, size);
  return at + size;
}

/// What the reader's value is before it has read anything.
template <typename Class, typename Member>
bool is_initial(const Class&, Member Class::*member, const Member& value) noexcept {
  static constexpr Class kInitial{};
  return kInitial.*member == value;
}

/// An enumerator has two items, of which readers of the first version know one.
template <typename Item, typename Owner, Numbered E>
std::byte* put_enumerator(const Item& item, const Owner& owner, E value, std::byte* at) noexcept {
  const bool is_known_to_all = is_of_first_version(value);
  if (item.is_late) return is_known_to_all ? at : put_number(item.tag, to_number(value), at);
  if (!item.is_required && is_initial(owner, item.member, value)) return at;
  return put_number(item.tag, to_number(is_known_to_all ? value : FirstVersion<E>::kInstead), at);
}

/// Returns where the next item goes.
template <typename Item>
std::byte* write_item(const Item& item, const Report& report, std::byte* at) noexcept {
  const auto* owner = item.owner(report);
  if (owner == nullptr) return at;
  const auto& value = owner->*item.member;
  if constexpr (requires { value.has_value(); }) {
    return value ? put_number(item.tag, to_number(*value), at) : at;
  } else if constexpr (Item::kIsEnumeration) {
    return put_enumerator(item, *owner, value, at);
  } else if constexpr (Item::kIsNumber) {
    if (!item.is_required && is_initial(*owner, item.member, value)) return at;
    return put_number(item.tag, to_number(value), at);
  } else {
    return put_text(item.tag, value.data(), std::min(value.size(), item.limit), at);
  }
}

/// Takes what one item holds. False when that is not a value of the member.
using Decoder = bool (*)(std::span<const std::byte>, Report&) noexcept;

template <std::size_t kIndex>
bool decode_item(std::span<const std::byte> content, Report& report) noexcept {
  constexpr auto kItem = std::get<kIndex>(kItems);
  auto& value = kItem.owner(report)->*kItem.member;
  if constexpr (kItem.kIsNumber) {
    return from_number(get<std::uint64_t>(content), value);
  } else if constexpr (requires { value.fill(0); }) {
    if (content.size() != value.size()) return false;
    std::memcpy(value.data(), content.data(), value.size());
    return true;
  } else {
    value = {reinterpret_cast<const char*>(content.data()), content.size()};
    return value.size() <= kItem.limit;
  }
}

constexpr std::make_index_sequence<std::tuple_size_v<decltype(kItems)>> kIndexes;

constexpr auto kDecoders = []<std::size_t... kIndex>(std::index_sequence<kIndex...>) {
  std::array<Decoder, kTags> decoders{};
  ((decoders[std::get<kIndex>(kItems).tag] = decode_item<kIndex>), ...);
  return decoders;
}
(kIndexes);

/// Cuts the content of the next item off the front of `rest`; nullopt when it is cut short.
std::optional<std::span<const std::byte>> take_content(std::uint8_t tag,
                                                       std::span<const std::byte>& rest) noexcept {
  std::size_t size = kNumberSize;
  if (tag >= kFirstText) {
    if (rest.size() < kLengthSize) return std::nullopt;
    size = get<std::uint16_t>(rest);
    rest = rest.subspan(kLengthSize);
  }
  if (rest.size() < size) return std::nullopt;
  const auto content = rest.first(size);
  rest = rest.subspan(size);
  return content;
}

template <std::size_t kIndex>
bool holds_if_required(const Report& report, const std::bitset<kTags>& seen) noexcept {
  constexpr auto kItem = std::get<kIndex>(kItems);
  if constexpr (!kItem.is_required) return true;
  return seen[kItem.tag] || kItem.owner(report) == nullptr;
}

template <std::size_t... kIndex>
bool has_required(const Report& report, const std::bitset<kTags>& seen,
                  std::index_sequence<kIndex...>) noexcept {
  return (holds_if_required<kIndex>(report, seen) && ...);
}

const Rule* find_rule(std::string_view id) noexcept {
  const auto found = std::ranges::find(rules(), id, &Rule::id);
  return found != rules().end() ? &*found : nullptr;
}

}  // namespace

std::string_view path_of(std::string_view target) noexcept {
  target = target.substr(0, target.find('?'));
  constexpr std::string_view kAuthority = "://";
  const auto authority = target.find(kAuthority);
  if (target.starts_with('/') || authority == target.npos) return target;
  const auto path = target.find('/', authority + kAuthority.size());
  return path == target.npos ? "/" : target.substr(path);
}

std::size_t append_report(const Report& report, std::span<std::byte> buffer,
                          std::size_t used) noexcept {
  if (buffer.size() < used + kReportSize) return used;
  // A verdict knows its rule, and its id goes before report.rule; no copy is made to put it there.
  const Rule* known = report.observation.verdict.rule;
  const std::string_view rule =
      known != nullptr ? known->id : report.rule.substr(0, kReportWordSize);
  std::byte* at = buffer.data() + used;
  at = used == 0 ? std::ranges::copy(kHead, at).out : put(kNextReport, at);
  const auto write = [&](const auto& item) {
    at = item.tag == kRuleTag ? put_text(item.tag, rule.data(), rule.size(), at)
                              : write_item(item, report, at);
  };
  std::apply([&](const auto&... item) { (write(item), ...); }, kItems);
  return static_cast<std::size_t>(at - buffer.data());
}

std::span<const std::byte> encode_report(const Report& report,
                                         std::span<std::byte> buffer) noexcept {
  return buffer.first(append_report(report, buffer, 0));
}

ReportReader::ReportReader(std::span<const std::byte> datagram) noexcept {
  const bool is_ours =
      datagram.size() >= kHead.size() && std::ranges::equal(datagram.first(kHead.size()), kHead);
  if (is_ours) rest_ = datagram.subspan(kHead.size());
}

std::optional<Report> ReportReader::next() noexcept {
  Report report;
  std::bitset<kTags> seen;
  bool is_valid = true;
  has_more_ = false;
  while (!rest_.empty() && !has_more_) {
    const auto tag = std::to_integer<std::uint8_t>(rest_.front());
    rest_ = rest_.subspan(1);
    if (tag == kNextReport) {
      has_more_ = true;
    } else if (const auto content = take_content(tag, rest_)) {
      is_valid &= kDecoders[tag] == nullptr || kDecoders[tag](*content, report);
      seen[tag] = true;
    } else {
      rest_ = {};
      is_valid = false;
    }
  }
  if (!is_valid || !has_required(report, seen, kIndexes)) return std::nullopt;
  report.observation.verdict.rule = find_rule(report.rule);
  return report;
}

}  // namespace connfate
