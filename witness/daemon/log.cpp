// SPDX-License-Identifier: Apache-2.0
#include "witness/daemon/log.hpp"

#include <fmt/format.h>

namespace connfate::witness {

void Log::flush(Instant now) {
  output_.flush();
  if (!output_.problem().empty()) complain(now);
}

void Log::reopen(Instant now) {
  if (output_.reopen()) return;
  complain(now);
}

void Log::complain(Instant now) {
  unwritable_.say(fmt::format("the output cannot be written: {}; {} lines lost", output_.problem(),
                              output_.lost_lines()),
                  now);
}

}  // namespace connfate::witness
