// SPDX-License-Identifier: Apache-2.0
#include "connfate/json_text.hpp"

#include <cstdint>

namespace connfate {
namespace {

constexpr char32_t kReplacement = 0xfffd;

struct Decoded {
  char32_t code;
  std::size_t size;
};

constexpr unsigned char byte_at(std::string_view text, std::size_t at) noexcept {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

/// One character of UTF-8 (RFC 3629): no surrogates, nothing beyond U+10FFFF, no longer spelling
/// than needed. What is none counts as one byte.
constexpr Decoded decode(std::string_view text) noexcept {
  const unsigned char first = byte_at(text, 0);
  const std::size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4) return {kReplacement, 1};
  char32_t code = first & (0xffU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    const unsigned char next = byte_at(text, i);
    if ((next & 0xc0U) != 0x80) return {kReplacement, 1};
    code = code << 6 | (next & 0x3fU);
  }
  const bool is_surrogate = code >= 0xd800 && code < 0xe000;
  const bool is_overlong = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
  if (is_surrogate || is_overlong || code > 0x10ffff) return {kReplacement, 1};
  return {code, size};
}

void write_unit(std::uint32_t unit, CharWriter& out) noexcept {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out.text("\\u");
  for (int shift = 12; shift >= 0; shift -= 4) out.put(kDigits[unit >> shift & 0xf]);
}

void write_code(char32_t code, CharWriter& out) noexcept {
  if (code < 0x10000) return write_unit(code, out);
  const char32_t rest = code - 0x10000;
  write_unit(0xd800 + (rest >> 10), out);
  write_unit(0xdc00 + (rest & 0x3ff), out);
}

/// How many characters of the front of `text` stand as they are.
constexpr std::size_t plain_length(std::string_view text) noexcept {
  std::size_t length = 0;
  while (length < text.size() && text[length] >= ' ' && text[length] < '\x7f' &&
         text[length] != '"' && text[length] != '\\') {
    ++length;
  }
  return length;
}

void write_special(std::string_view& text, CharWriter& out) noexcept {
  const char c = text.front();
  if (c == '"' || c == '\\') {
    out.put('\\');
    out.put(c);
    text.remove_prefix(1);
  } else if (static_cast<unsigned char>(c) < 0x80) {
    write_unit(static_cast<unsigned char>(c), out);
    text.remove_prefix(1);
  } else {
    const Decoded decoded = decode(text);
    write_code(decoded.code, out);
    text.remove_prefix(decoded.size);
  }
}

}  // namespace

void write_json_text(std::string_view text, CharWriter& out) noexcept {
  out.put('"');
  while (!text.empty()) {
    const std::size_t plain = plain_length(text);
    out.text(text.substr(0, plain));
    text.remove_prefix(plain);
    if (!text.empty()) write_special(text, out);
  }
  out.put('"');
}

}  // namespace connfate
