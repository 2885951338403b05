// SPDX-License-Identifier: Apache-2.0
#include "connfate/char_writer.hpp"

#include <algorithm>
#include <array>
#include <bit>

namespace connfate {
namespace {

constexpr std::size_t kMostDigits = 20;

/// [n] is 10^n.
constexpr auto kPowers = [] {
  std::array<std::uint64_t, kMostDigits> powers{1};
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

/// "00", "01", ... "99".
constexpr auto kPairs = [] {
  std::array<char, 200> pairs{};
  for (std::size_t i = 0; i < 100; ++i) {
    pairs[2 * i] = static_cast<char>('0' + i / 10);
    pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
  }
  return pairs;
}();

/// 1233 / 4096 is a little less than log10(2): the guess is the number of digits, or one less.
std::size_t digits_of(std::uint64_t value) noexcept {
  const auto guess = static_cast<std::size_t>(std::bit_width(value)) * 1233 >> 12;
  return guess + (value >= kPowers[guess] ? 1 : 0);
}

/// Two at a time, from the last to the first.
void write_digits(std::uint64_t value, char* at, std::size_t count) noexcept {
  char* end = at + count;
  for (; value >= 100; value /= 100) std::memcpy(end -= 2, &kPairs[value % 100 * 2], 2);
  if (value >= 10) {
    std::memcpy(at, &kPairs[value * 2], 2);
  } else {
    *at = static_cast<char>('0' + value);
  }
}

template <std::size_t kCount>
std::array<char, kCount> hex_digits(std::uint64_t value) noexcept {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<char, kCount> digits;
  for (std::size_t i = digits.size(); i > 0; value >>= 8) {
    digits[--i] = kDigits[value & 0xf];
    digits[--i] = kDigits[value >> 4 & 0xf];
  }
  return digits;
}

}  // namespace

void CharWriter::cut(std::string_view value) noexcept {
  std::memcpy(at_, value.data(), room());
  at_ = last_;
  overflowed_ = true;
}

void CharWriter::decimal(std::uint64_t value) noexcept {
  if (value < 10) return put(static_cast<char>('0' + value));
  const std::size_t count = digits_of(value);
  if (count <= room()) {
    write_digits(value, at_, count);
    at_ += count;
    return;
  }
  std::array<char, kMostDigits> digits;
  write_digits(value, digits.data(), count);
  cut({digits.data(), count});
}

void CharWriter::hex16(std::uint64_t value) noexcept {
  const auto digits = hex_digits<16>(value);
  text({digits.data(), digits.size()});
}

void CharWriter::hex8(std::uint32_t value) noexcept {
  const auto digits = hex_digits<8>(value);
  text({digits.data(), digits.size()});
}

}  // namespace connfate
