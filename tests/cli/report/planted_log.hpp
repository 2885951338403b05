// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides an access log of 200,000 requests in 10,000 seconds, always the same one, with the noise
// of a site on a good day (about 1,000 requests that clients left, reset, or were not answered),
// and in it 300 requests that fail for three reasons:
//
//   rst_received   clients in 198.51.100.0/24, every request from 09:30:00 UTC on, 100 in all
//   ack_stalled    host files.example.org, responses above 1,400 bytes, 100
//   client_abort   path /export/report, each after 60 seconds, 100

#include <filesystem>

namespace connfate::cli::report {

inline constexpr int kPlantedRequests = 200'000;

void write_planted_log(const std::filesystem::path& file);

}  // namespace connfate::cli::report
