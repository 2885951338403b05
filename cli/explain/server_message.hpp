// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the log messages of nginx and httpd that people meet when connections end: what each
// says, what it does not, and which fates and fields to look at. Facts are those of the sources of
// nginx 1.22 and httpd 2.4; a test finds each mark in the servers' binaries.
// Used by the command, with a whole line of an error log or with a part of one.

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "cli/explain/explanation.hpp"

namespace connfate::cli {

struct ServerMessage {
  std::string_view text;                  ///< as the server writes it, without what varies
  std::array<std::string_view, 2> marks;  ///< all that are not empty must occur in the line
  const char* says;
  const char* does_not_say;
  std::string_view fates;   ///< separated by spaces
  std::string_view fields;  ///< the same
};

std::span<const ServerMessage> nginx_messages() noexcept;
std::span<const ServerMessage> httpd_messages() noexcept;

/// The messages that `line` is, or may be when only a part of one was given. An errno in it, as
/// "(104: Connection reset by peer)", is explained behind them.
std::vector<Explanation> find_messages(std::string_view line);

}  // namespace connfate::cli
