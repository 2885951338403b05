// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides decode_report(), for tests of datagrams that hold one report.

#include <cstddef>
#include <optional>
#include <span>

#include "connfate/report.hpp"

namespace connfate::fixture {

/// The report of a datagram that holds just one; nullopt for any other.
inline std::optional<Report> decode_report(std::span<const std::byte> datagram) noexcept {
  ReportReader reader(datagram);
  auto report = reader.next();
  if (reader.has_more()) return std::nullopt;
  return report;
}

}  // namespace connfate::fixture
