// SPDX-License-Identifier: Apache-2.0
#include "connfate/char_writer.hpp"

#include <array>
#include <charconv>

namespace connfate {

void CharWriter::decimal(std::uint64_t value) noexcept {
  if (value < 10) return put(static_cast<char>('0' + value));
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  text({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

void CharWriter::hex16(std::uint64_t value) noexcept {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<char, 16> digits;
  for (std::size_t i = digits.size(); i-- > 0; value >>= 4) digits[i] = kDigits[value & 0xf];
  text({digits.data(), digits.size()});
}

}  // namespace connfate
