// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides Log: the lines of the witness in the format that was asked for, on their way to the
// output. Used by the service.

#include "witness/daemon/complaint.hpp"
#include "witness/daemon/options.hpp"
#include "witness/daemon/output.hpp"
#include "witness/lines/event_line.hpp"
#include "witness/lines/final_line.hpp"

namespace connfate::witness {

class Log {
 public:
  /// Throws std::system_error when the output cannot be opened.
  Log(const std::string& output, Options::Format format) : output_(output), format_(format) {}

  template <typename Line>
  void write(const Line& line) {
    output_.write(format_ == Options::Format::kJson ? to_json(line) : to_logfmt(line));
  }

  /// Hands the lines to the output, and complains when it does not take them.
  void flush(Instant now);

  /// After a rotation.
  void reopen(Instant now);

  std::uint64_t lost_lines() const noexcept { return output_.lost_lines(); }

 private:
  void complain(Instant now);

  Output output_;
  Options::Format format_;
  Complaint unwritable_;
};

}  // namespace connfate::witness
