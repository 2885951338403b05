// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides how a time, a host, a text and a number are spelled in every line of the witness, in
// JSON and in logfmt. Used by final_line.cpp and event_line.cpp, so that no line is easier to forge
// than another. Surprising: clients write parts of these lines. Bytes that are no UTF-8 become
// U+FFFD, and no control character stands as it is, DEL included, which JSON would let stand.

#include <chrono>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "connfate/host_identity.hpp"

namespace connfate::witness {

/// "2026-11-24T06:37:11.000042Z": always with microseconds, so that lines sort as text.
std::string time_text(std::chrono::sys_time<std::chrono::microseconds> time);

/// The same as a number of seconds, whose microseconds a double still has until the year 2242.
double seconds_of(std::chrono::sys_time<std::chrono::microseconds> time) noexcept;

/// Whose line it is, as the fields `node` and `boot` say it; empty when it is not known.
std::string node_of(const HostIdentity* host);
std::string boot_of(const HostIdentity* host);

/// One line without its end.
std::string json_text(const nlohmann::ordered_json& object);

/// The same members as one run; texts are quoted when they need it, lists are joined by "; ".
std::string logfmt_text(const nlohmann::ordered_json& object);

}  // namespace connfate::witness
