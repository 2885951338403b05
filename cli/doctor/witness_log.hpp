// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides what the witness's log says about the witness itself: when it started, what evidence it
// lacks, what it lost. Used by the check of the witness. Only the end of the file is read.

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace connfate::cli {

struct WitnessLog {
  std::string started;      ///< time of the last start; empty: not in the part that was read
  std::string missing;      ///< evidence that it lacks, in its own words
  bool is_running = false;  ///< it has not said since that it stopped
  std::uint64_t lost_socket_ends = 0;  ///< since that start, or since the part that was read began
  std::uint64_t lost_packets = 0;
  std::uint64_t lost_reports = 0;
  std::uint64_t lost_lines = 0;
  std::map<std::string, std::string> heard;  ///< server, and the time of its first report
  bool captures = false;                     ///< a line since then was made with packets
  std::uint64_t lines = 0;                   ///< that were understood
};

/// nullopt when the file cannot be read; errno says why. JSON lines; others are passed over.
std::optional<WitnessLog> read_witness_log(const std::filesystem::path& file);

}  // namespace connfate::cli
