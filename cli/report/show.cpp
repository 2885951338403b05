// SPDX-License-Identifier: Apache-2.0
#include "cli/report/show.hpp"

#include "cli/printable.hpp"

namespace connfate::cli::report {

void LineShower::show(const Request& request) {
  const std::uint64_t number = seen_++;
  if (number < options_.offset || number >= options_.offset + options_.limit) return;
  ++shown_;
  const log::Record& record = *request.record;
  if (options_.with_place) out_ << printable(record.source) << ':' << record.line << ": ";
  if (options_.escape) {
    out_ << printable(record.raw) << '\n';
  } else {
    out_ << record.raw << '\n';
  }
}

}  // namespace connfate::cli::report
