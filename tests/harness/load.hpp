// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides load on a server, from the lab's client: wrk for HTTP/1.1, h2load for HTTP/2.
// Failure: throws std::runtime_error with the tool's output when it did not run or print figures.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/lab.hpp"

namespace connfate::harness {

struct LoadResult {
  std::uint64_t requests = 0;  ///< answered
  std::uint64_t errors = 0;    ///< connect, read, write, timeout, and any status but 2xx and 3xx
  std::string report;          ///< the tool's own words
};

/// Keepalive requests for `url` over `connections` connections during `duration`; a script in Lua
/// may say what each asks for.
LoadResult run_wrk(const Lab& lab, const std::string& url, int connections,
                   std::chrono::seconds duration, const std::filesystem::path& script = {});

/// `requests` requests, in turn for `urls` of one server, over `connections` connections with 10
/// concurrent streams each; an http URL means HTTP/2 with prior knowledge.
LoadResult run_h2load(const Lab& lab, const std::vector<std::string>& urls, int connections,
                      std::uint64_t requests);

}  // namespace connfate::harness
