// SPDX-License-Identifier: Apache-2.0
#include "connfate/reset_code.hpp"

#include <array>
#include <string_view>

namespace connfate {
namespace {

/// By their number.
constexpr std::array<std::string_view, 14> kNames{"NO_ERROR",
                                                  "PROTOCOL_ERROR",
                                                  "INTERNAL_ERROR",
                                                  "FLOW_CONTROL_ERROR",
                                                  "SETTINGS_TIMEOUT",
                                                  "STREAM_CLOSED",
                                                  "FRAME_SIZE_ERROR",
                                                  "REFUSED_STREAM",
                                                  "CANCEL",
                                                  "COMPRESSION_ERROR",
                                                  "CONNECT_ERROR",
                                                  "ENHANCE_YOUR_CALM",
                                                  "INADEQUATE_SECURITY",
                                                  "HTTP_1_1_REQUIRED"};

constexpr int kHighestDigit = 28;  // bits below the first of eight hex digits
constexpr int kDigitBits = 4;

}  // namespace

void write_reset_code(std::uint32_t code, CharWriter& out) noexcept {
  if (code < kNames.size()) return out.text(kNames[code]);
  out.text("0x");
  int shift = kHighestDigit;
  while (shift > 0 && code >> shift == 0) shift -= kDigitBits;
  for (; shift >= 0; shift -= kDigitBits) out.put("0123456789abcdef"[code >> shift & 0xfU]);
}

}  // namespace connfate
