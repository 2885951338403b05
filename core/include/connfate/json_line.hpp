// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the JSON line of a response: one object with everything that is known, figures as
// figures, and nothing at all for what is not. Written by the modules ($connfate_json, %{json}^CF)
// as the whole line of a log; the witness's line has the same keys for the same things.
// Surprising: texts are cut (kReportTextSize, kReportWordSize), so that the longest line is known
// before it is written: it fits the stack of a server's worker.

#include <cstddef>
#include <string_view>

#include "connfate/bundle.hpp"
#include "connfate/host_identity.hpp"
#include "connfate/json_text.hpp"
#include "connfate/logged_request.hpp"
#include "connfate/observation.hpp"
#include "connfate/report.hpp"

namespace connfate {

/// Room for the longest line: two texts (host, uri), four words, and all that has a length.
inline constexpr std::size_t kJsonLineSize =
    2 * kBundleSize + kJsonGrowth * (2 * kReportTextSize + 4 * kReportWordSize);

/// Writes the object, without an end of line. `seen` is nullptr where nothing was observed
/// (connfate is off here, memory ran out): the line tells the request then, and no fate.
std::string_view write_json_line(const LoggedRequest& request, const Observation* seen,
                                 const HostIdentity& host, Detail detail, char* buffer,
                                 std::size_t size) noexcept;

}  // namespace connfate
