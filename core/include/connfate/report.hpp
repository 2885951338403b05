// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Report: what a module tells the witness about one logged response, and its wire format,
// a datagram on a unix-domain socket with one report or several. One header owns both directions.
//
//   "CNFR" version=1 u8, then items until the end:  tag u8, then
//     tag = 0      nothing: the items that follow are those of the next report
//     tag < 0x80   a number, 8 bytes, little endian
//     tag >= 0x80  text: length u16 little endian, then that many bytes
//
// An item that is not known, or that is as in a Report that nobody has filled in, is left out; a
// reader skips tags that it does not know, and takes an enumerator that it does not know for
// "unknown", so both can be added without a new version. Used by the modules (encode, on the
// request path: noexcept, no heap) and by the witness (decode, of bytes that it must not trust).

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "connfate/endpoint.hpp"
#include "connfate/observation.hpp"

namespace connfate {

struct Report {
  std::uint64_t logged_at_us = 0;  ///< CLOCK_REALTIME, microseconds since the epoch
  Flow flow;
  Observation observation;  ///< the log-time verdict and everything behind it
  std::string_view rule;    ///< id of the rule that decided, also one this version does not know

  std::uint16_t status = 0;  ///< HTTP status as logged
  std::string_view server;   ///< "nginx" or "httpd"
  std::string_view method;
  std::string_view uri;         ///< as the client sent it, without the query
  std::string_view host;        ///< Host header or :authority, as the server understood it
  std::string_view request_id;  ///< of the server ($request_id, mod_unique_id); empty without one
  /// From the request's first byte until its line, by the server's clock ($request_time, %D).
  std::optional<std::chrono::microseconds> duration;

  /// Reports of this sender process that could not be sent before this one, over its life.
  std::uint64_t lost = 0;
};

/// Room for the longest report: all numbers, and every text at its longest.
inline constexpr std::size_t kReportSize = 4096;

/// Room for the longest datagram that a module sends: some two dozen usual reports, and small
/// enough for the kernel to hold in one piece.
inline constexpr std::size_t kDatagramSize = 3 * kReportSize;

/// Texts longer than this are cut when they are encoded (the uri is the one that can be).
inline constexpr std::size_t kReportTextSize = 1024;

/// The same for method, request id, server and rule, which are words.
inline constexpr std::size_t kReportWordSize = 256;

/// The path of a request target as the client sent it: without scheme, authority and query.
std::string_view path_of(std::string_view target) noexcept;

/// Writes a report into `buffer`, whose first `used` bytes are a datagram already (0: none yet),
/// and returns how many are used then. Returns `used`, and changes nothing, when kReportSize more
/// might not fit.
std::size_t append_report(const Report& report, std::span<std::byte> buffer,
                          std::size_t used) noexcept;

/// A datagram of one report, in `buffer`; empty if `buffer` is smaller than kReportSize.
std::span<const std::byte> encode_report(const Report& report,
                                         std::span<std::byte> buffer) noexcept;

/// Takes a datagram apart. Nothing in it is trusted.
class ReportReader {
 public:
  explicit ReportReader(std::span<const std::byte> datagram) noexcept;

  /// True at first, also for what is no datagram of ours: next() says so.
  bool has_more() const noexcept { return has_more_; }

  /// The next report; its views point into the datagram. nullopt, and nothing more to come, for a
  /// wrong magic, another version, or an item that is cut short; nullopt for a report with a value
  /// outside its type or without cookie, flow, fate or time.
  std::optional<Report> next() noexcept;

 private:
  std::span<const std::byte> rest_;
  bool has_more_ = true;
};

}  // namespace connfate
