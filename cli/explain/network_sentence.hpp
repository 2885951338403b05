// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides what to send to the people who run the network about one line, and what would settle the
// matter. Used by the story of a connection. Every clause needs its own value in the line: without
// it the clause is not there. No device, vendor or intention is ever named.

#include <string>

#include "cli/explain/story_line.hpp"

namespace connfate::cli {

/// "203.0.113.7:51234 to 198.51.100.5:443"; without ports where the line has none.
std::string endpoints_text(const StoryLine& line);

std::string network_sentence(const StoryLine& line);

std::string what_would_settle(const StoryLine& line);

}  // namespace connfate::cli
