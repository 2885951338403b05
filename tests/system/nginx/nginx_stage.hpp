// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the stage for what only nginx can do to a response: other modules of the distribution,
// a FastCGI backend that breaks, a PROXY protocol in front, reloads that fail.
// Failure: SetUp() skips where the lab or nginx is missing, need() where one of its modules is.

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/server.hpp"
#include "peers/backend.hpp"
#include "peers/client.hpp"
#include "peers/http2_client.hpp"
#include "peers/raw_server.hpp"
#include "system/scenarios/theatre.hpp"

namespace connfate::harness {

class NginxStage : public testing::Test {
 protected:
  void SetUp() override;
  void TearDown() override;

  /// Loads modules of the distribution before ours; skips when one is not installed.
  void need(const std::vector<std::string>& names);
  /// A port for a server {} of the test's own.
  std::uint16_t another_port() const;
  /// A listener in the server's namespace, as a backend.
  peers::RawServer& listen_as_backend();

  /// Starts nginx; `extra_config` stands at the end of http {}.
  void start(const std::string& extra_config = {});

  /// In the client's namespace. `port` 0: the usual one of that transport.
  peers::Client connect(peers::Transport transport = peers::Transport::kCleartext,
                        std::uint16_t port = 0) const;
  /// Sends `request`, reads what comes up to the end, and waits for the line.
  LogLine line_of(const std::string& request, std::uint16_t port = 0) const;

  ServerOptions options_;
  TemporaryDirectory files_{"nginx"};
  std::optional<Lab> lab_;
  std::unique_ptr<peers::Backend> backend_;
  std::optional<peers::RawServer> raw_;
  std::unique_ptr<Server> server_;
  bool expects_problems_ = false;  ///< in the error log
};

std::string request_for(const std::string& path, const std::string& method = "GET",
                        const std::string& more = "Connection: close\r\n");

void expect_fate(const LogLine& line, std::string_view fate, std::string_view by = "");
void expect_good(const LogLine& line);

}  // namespace connfate::harness
