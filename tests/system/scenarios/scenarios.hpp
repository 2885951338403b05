// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the scenario table: what can become of a response, each as a short play and the log line
// it must leave. The titles, read aloud, are the specification; every server has to fulfil them in
// the same way. One file per theme: <theme>_scenarios.cpp.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/protocol.hpp"
#include "system/scenarios/expectation.hpp"
#include "system/scenarios/stage.hpp"

namespace connfate::harness {

/// Which servers a scenario makes sense for.
enum class On : std::uint8_t { kEveryServer, kNginx, kHttpd };

/// How long the server's own timer waits for a client that takes no data.
enum class Patience : std::uint8_t {
  kShort,  ///< 2 s: the server gives up before the kernel does
  kLong,   ///< 30 s: the kernel gives up before the server does
};

struct Scenario {
  std::string_view name;
  std::string_view title;  ///< one sentence
  Protocols protocols;
  void (*play)(Stage&);
  /// One per log line of the connection, no more and no fewer.
  std::vector<Expectation> lines;
  On on = On::kEveryServer;
  Patience patience = Patience::kShort;
  /// Relations between lines, in their order; one sentence per broken promise.
  std::vector<std::string> (*relations)(const std::vector<LogLine>&, Protocol) = nullptr;
};

using Scenarios = std::vector<Scenario>;

inline const Protocols kEveryProtocol{Protocol::kCleartext, Protocol::kTls, Protocol::kHttp2,
                                      Protocol::kHttp2Tls};
inline const Protocols kHttp1{Protocol::kCleartext, Protocol::kTls};
inline const Protocols kCleartextOnly{Protocol::kCleartext};
inline const Protocols kHttp2Only{Protocol::kHttp2, Protocol::kHttp2Tls};

Scenarios delivery_scenarios();
Scenarios half_close_scenarios();
Scenarios reset_scenarios();
Scenarios client_close_scenarios();
Scenarios request_scenarios();
Scenarios stall_scenarios();
Scenarios black_hole_scenarios();
Scenarios server_side_scenarios();
Scenarios http2_scenarios();
Scenarios websocket_scenarios();
Scenarios unix_socket_scenarios();

/// All of them, in the order above.
const Scenarios& scenarios();

}  // namespace connfate::harness
