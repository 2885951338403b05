// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides printable(): text of a log or a configuration file, safe for a terminal. A client writes
// its own URI; nothing of it may move the cursor. Used by explain and doctor.

#include <string>
#include <string_view>

namespace connfate::cli {

/// Every byte that is not printable ASCII becomes \xhh.
inline std::string printable(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f) {
      out += c;
    } else {
      out += "\\x";
      out += kDigits[byte >> 4U];
      out += kDigits[byte & 0xfU];
    }
  }
  return out;
}

}  // namespace connfate::cli
