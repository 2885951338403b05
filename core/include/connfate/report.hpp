// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Report: what a module tells the witness about one logged response, and its wire format,
// one datagram on a unix-domain socket. One header owns both directions.
//
//   "CNFR" version=1 u8, then items until the end:  tag u8, then
//     tag < 0x80   a number, 8 bytes, little endian
//     tag >= 0x80  text: length u16 little endian, then that many bytes
//
// An item that is not known, or that is as in a Report that nobody has filled in, is left out; a
// reader skips tags that it does not know, so items can be added without a new version. Used by the
// modules (encode, on the request path: noexcept, no heap) and by the witness (decode, of bytes
// that it must not trust).

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

  /// Reports of this sender process that could not be sent before this one, over its life.
  std::uint64_t lost = 0;
};

/// Room for the longest datagram: all numbers, and every text at its longest.
inline constexpr std::size_t kReportSize = 4096;

/// Texts longer than this are cut when they are encoded (the uri is the one that can be).
inline constexpr std::size_t kReportTextSize = 1024;

/// The same for method, request id, server and rule, which are words.
inline constexpr std::size_t kReportWordSize = 256;

/// The path of a request target as the client sent it: without scheme, authority and query.
std::string_view path_of(std::string_view target) noexcept;

/// Writes the datagram into `buffer` and returns the part that was used; empty if `buffer` is
/// smaller than kReportSize.
std::span<const std::byte> encode_report(const Report& report,
                                         std::span<std::byte> buffer) noexcept;

/// Reads a datagram; the views point into it. nullopt for a wrong magic, another version, an item
/// that is cut short, a value outside its type, or a missing cookie, flow, fate or time.
std::optional<Report> decode_report(std::span<const std::byte> datagram) noexcept;

}  // namespace connfate
