// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the stage for what only httpd can do to a response: real CGI scripts, php-fpm and a SCGI
// backend that breaks, each behind httpd with one of its MPMs, and a witness.
//
//   /cgi/NAME    a script of script(); mod_cgi in prefork, mod_cgid otherwise
//   /php/NAME    a script of script(), by php-fpm over FastCGI
//   /scgi/ /raw/ the RawServer of the test, asked in SCGI or HTTP
//
// Failure: SetUp() skips where the lab, the MPM or php-fpm is missing.

#include <gtest/gtest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "harness/deadline.hpp"
#include "harness/server.hpp"
#include "harness/witness.hpp"
#include "peers/client.hpp"
#include "peers/http2_client.hpp"
#include "peers/raw_server.hpp"
#include "system/scenarios/theatre.hpp"

namespace connfate::harness {

class HttpdStage : public testing::TestWithParam<ServerKind> {
 protected:
  void SetUp() override;
  void TearDown() override;

  /// Writes an executable file into the folder of the scripts.
  void script(const std::string& name, const std::string& text) const;
  /// Starts php-fpm; call before start().
  void start_php();
  /// A listener for /scgi/ in the server's namespace.
  peers::RawServer& listen_for_scgi();

  /// Starts httpd with the scripts and the modules that they need.
  void start(const std::string& extra_config = {}, ServerOptions options = {});

  /// One GET over HTTP/1.1, read as far as it goes. Its log line.
  struct Answer {
    peers::Client::Response seen;
    LogLine line;
  };
  Answer get(const std::string& path, peers::Transport transport = peers::Transport::kCleartext);

  /// What the witness says of the response in the end.
  Witness::Line final_of(const LogLine& line) const;

  const std::filesystem::path& files() const { return files_.path(); }

  TemporaryDirectory files_{"httpd"};
  std::optional<Lab> lab_;
  std::optional<Witness> witness_;
  std::optional<peers::RawServer> scgi_;
  std::optional<Process> php_;
  std::unique_ptr<Server> server_;
};

/// As test names say it.
inline std::string httpd_name(const testing::TestParamInfo<ServerKind>& parameter) {
  return std::string(to_name(parameter.param));
}

inline constexpr ServerKind kEventAndPrefork[] = {ServerKind::kEvent, ServerKind::kPrefork};
inline constexpr ServerKind kHttp2Httpds[] = {ServerKind::kEvent, ServerKind::kWorker};

}  // namespace connfate::harness
