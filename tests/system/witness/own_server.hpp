// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the fixture for stories about servers of the test itself: listeners in the lab's server
// namespace, one of which the witness watches by --port, and what a module would report of others.
// Surprising: one place per test suite, made by its first test and left after its last.

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "harness/lab.hpp"
#include "harness/witness.hpp"
#include "peers/client.hpp"
#include "peers/raw_server.hpp"

namespace connfate::harness {

using peers::RawServer;
using peers::RawSocket;

/// The lab, a listener that --port names, listeners that only reports name, and the witness.
struct OwnServers {
  OwnServers();

  Lab lab{{.tcp_retries2 = 2}};
  std::optional<RawServer> watched, reporting;
  std::optional<RawServer> mptcp;  ///< absent on a kernel without MPTCP
  std::optional<Witness> witness;
};

class OwnServerTest : public testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;
  static void TearDownTestSuite() { place_.reset(); }

  /// Both ends of a connection to that listener.
  void meet(const RawServer& server);
  void answer(std::size_t bytes);
  Witness::Line connection_line() const;
  void block(Block kind) { place_->lab.block(kind, static_cast<std::uint16_t>(port_)); }

  /// What a module would tell of all that was written to the socket so far.
  void report() const;
  /// One response that is on its way when it is reported, and arrives a little later.
  void answer_late_and_report();

  static std::unique_ptr<OwnServers> place_;
  std::optional<InNamespace> in_client_;
  std::optional<peers::Client> client_;
  std::optional<RawSocket> accepted_;
  int port_ = 0;
};

}  // namespace connfate::harness
