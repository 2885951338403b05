// SPDX-License-Identifier: Apache-2.0
#include "peers/response_body.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <stdexcept>

#include "peers/message_head.hpp"

namespace connfate::peers {

using std::chrono::milliseconds;

namespace {

constexpr std::uint64_t kUntilEnd = std::numeric_limits<std::uint64_t>::max();

BodyCount skip_chunks(Connection& connection, milliseconds timeout) {
  BodyCount body;
  for (;;) {
    const std::string line = read_line(connection, timeout);
    std::uint64_t size = 0;
    const auto parsed = std::from_chars(line.data(), line.data() + line.size(), size, 16);
    if (parsed.ec != std::errc()) return body;
    if (size == 0) break;
    const std::uint64_t read = skip_bytes(connection, size, timeout);
    body.bytes += read;
    if (read < size || read_line(connection, timeout) != "\r\n") return body;
  }
  std::string trailer;
  do {
    trailer = read_line(connection, timeout);
  } while (trailer.size() > 2);
  body.complete = trailer == "\r\n";
  return body;
}

bool has_no_body(int status) {
  return status < 200 || status == 204 || status == 304;
}

}  // namespace

std::uint64_t skip_bytes(Connection& connection, std::uint64_t limit, milliseconds timeout) {
  std::array<char, 16384> buffer;
  std::uint64_t total = 0;
  while (total < limit) {
    const std::size_t step = std::min<std::uint64_t>(buffer.size(), limit - total);
    const auto count = connection.read({buffer.data(), step}, timeout);
    if (!count)
      throw std::runtime_error("peer: timed out after " + std::to_string(total) + " bytes");
    if (*count == 0) break;
    total += *count;
  }
  return total;
}

BodyCount skip_body(Connection& connection, std::string_view head, milliseconds timeout) {
  if (!head.ends_with("\r\n\r\n")) return {};
  if (has_no_body(status_of(head))) return {0, true};
  if (equal_without_case(header(head, "Transfer-Encoding").value_or(""), "chunked")) {
    return skip_chunks(connection, timeout);
  }
  if (const auto length = content_length(head)) {
    const std::uint64_t read = skip_bytes(connection, *length, timeout);
    return {read, read == *length};
  }
  const std::uint64_t read = skip_bytes(connection, kUntilEnd, timeout);
  return {read, !connection.was_reset()};
}

}  // namespace connfate::peers
