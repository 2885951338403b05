// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides one line of the test servers' access log, taken apart:
//
//   status=200 uri="GET /small.txt HTTP/1.1" port=40312 fate=delivered ... rule=all-acked v=1
//
// Everything after the quoted request line is key=value. A value that is absent, empty or "-" is
// not known. Surprising: the parser is not the product's own, so that each checks the other.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace connfate::harness {

struct LogLine {
  int status = 0;
  std::string uri{};    ///< the request line, escaped as the server escapes it
  int client_port = 0;  ///< 0 when there is none (a unix-domain socket)
  std::map<std::string, std::string, std::less<>> fields{};
  std::string text{};  ///< the line as it was

  /// Value of a field, or "" when it is not known.
  std::string field(std::string_view name) const;
  std::optional<std::uint64_t> number(std::string_view name) const;
};

/// nullopt when the line is not of this form, for example because its end is not written yet.
std::optional<LogLine> parse_log_line(std::string_view text);

}  // namespace connfate::harness
