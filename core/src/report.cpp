// SPDX-License-Identifier: Apache-2.0
#include "connfate/report.hpp"

#include <algorithm>
#include <array>
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

class Writer {
 public:
  explicit Writer(std::byte* at) noexcept : at_(std::ranges::copy(kHead, at).out) {}

  void number(std::uint8_t tag, std::uint64_t value) noexcept {
    little_endian<1>(tag);
    little_endian<kNumberSize>(value);
  }
  void text(std::uint8_t tag, const void* bytes, std::size_t size) noexcept {
    little_endian<1>(tag);
    little_endian<kLengthSize>(size);
    std::memcpy(at_, bytes, size);
    at_ += size;
  }
  std::byte* at() const noexcept { return at_; }

 private:
  template <std::size_t kSize>
  void little_endian(std::uint64_t value) noexcept {
    for (std::size_t i = 0; i < kSize; ++i) at_[i] = static_cast<std::byte>(value >> (8 * i));
    at_ += kSize;
  }

  std::byte* at_;
};

template <typename Item>
void write_item(const Item& item, const Report& report, Writer& out) noexcept {
  const auto* owner = item.owner(report);
  if (owner == nullptr) return;
  const auto& value = owner->*item.member;
  if constexpr (requires { value.has_value(); }) {
    if (value) out.number(item.tag, to_number(*value));
  } else if constexpr (Item::kIsNumber) {
    out.number(item.tag, to_number(value));
  } else if (!value.empty()) {
    out.text(item.tag, value.data(), std::min(value.size(), item.limit));
  }
}

std::uint64_t little_endian(std::span<const std::byte> bytes) noexcept {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    value |= std::to_integer<std::uint64_t>(bytes[i]) << (8 * i);
  }
  return value;
}

/// Takes what one item holds. False when that is not a value of the member.
using Decoder = bool (*)(std::span<const std::byte>, Report&) noexcept;

template <std::size_t kIndex>
bool decode_item(std::span<const std::byte> content, Report& report) noexcept {
  constexpr auto kItem = std::get<kIndex>(kItems);
  auto& value = kItem.owner(report)->*kItem.member;
  if constexpr (kItem.kIsNumber) {
    return from_number(little_endian(content), value);
  } else if constexpr (requires { value.fill(0); }) {
    if (content.size() != value.size()) return false;
    std::memcpy(value.data(), content.data(), value.size());
    return true;
  } else {
    value = {reinterpret_cast<const char*>(content.data()), content.size()};
    return value.size() <= kItem.limit;
  }
}

constexpr auto kDecoders = []<std::size_t... kIndex>(std::index_sequence<kIndex...>) {
  std::array<Decoder, kTags> decoders{};
  ((decoders[std::get<kIndex>(kItems).tag] = decode_item<kIndex>), ...);
  return decoders;
}
(std::make_index_sequence<std::tuple_size_v<decltype(kItems)>>{});

/// Cuts the content of the next item off the front of `rest`; nullopt when it is cut short.
std::optional<std::span<const std::byte>> take_content(std::uint8_t tag,
                                                       std::span<const std::byte>& rest) noexcept {
  std::size_t size = kNumberSize;
  if (tag >= kFirstText) {
    if (rest.size() < kLengthSize) return std::nullopt;
    size = little_endian(rest.first(kLengthSize));
    rest = rest.subspan(kLengthSize);
  }
  if (rest.size() < size) return std::nullopt;
  const auto content = rest.first(size);
  rest = rest.subspan(size);
  return content;
}

bool has_required(const Report& report, const std::bitset<kTags>& seen) noexcept {
  const auto holds = [&](const auto& item) {
    return !item.is_required || seen[item.tag] || item.owner(report) == nullptr;
  };
  return std::apply([&](const auto&... item) { return (holds(item) && ...); }, kItems);
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

std::span<const std::byte> encode_report(const Report& report,
                                         std::span<std::byte> buffer) noexcept {
  if (buffer.size() < kReportSize) return {};
  Report named = report;
  if (const Rule* rule = report.observation.verdict.rule) named.rule = rule->id;
  Writer out(buffer.data());
  std::apply([&](const auto&... item) { (write_item(item, named, out), ...); }, kItems);
  return buffer.first(static_cast<std::size_t>(out.at() - buffer.data()));
}

std::optional<Report> decode_report(std::span<const std::byte> datagram) noexcept {
  if (datagram.size() < kHead.size() || !std::ranges::equal(datagram.first(kHead.size()), kHead)) {
    return std::nullopt;
  }
  Report report;
  std::bitset<kTags> seen;
  for (auto rest = datagram.subspan(kHead.size()); !rest.empty();) {
    const auto tag = std::to_integer<std::uint8_t>(rest.front());
    rest = rest.subspan(1);
    const auto content = take_content(tag, rest);
    if (!content) return std::nullopt;
    if (kDecoders[tag] != nullptr && !kDecoders[tag](*content, report)) return std::nullopt;
    seen.set(tag);
  }
  if (!has_required(report, seen)) return std::nullopt;
  report.observation.verdict.rule = find_rule(report.rule);
  return report;
}

}  // namespace connfate
