// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the distribution's nginx as a Server: one worker, running as root (it only ever reads
// the temporary directory). It also listens on a unix-domain socket. Surprising: nginx takes part
// in an upgrade only as a daemon (ServerOptions::daemon); call inherit_orphans() first. A killed
// test leaves a daemon behind.

#include "harness/server.hpp"

namespace connfate::harness {

class NginxServer : public Server {
 public:
  NginxServer(Hosts hosts, ServerOptions options);

  static constexpr const char* kProgram = "/usr/sbin/nginx";

  bool has_http2() const override { return true; }
  /// The binary upgrade that nginx documents: USR2, a second master on the same listening sockets;
  /// WINCH and QUIT to the first. Returns when only the second is left. Throws when none comes.
  void upgrade();

  std::filesystem::path unix_socket() const override { return directory() / "nginx.sock"; }

 protected:
  pid_t daemon_pid() const override;
  std::string configuration() const override;
  std::vector<std::string> command_line() const override;
  int graceful_stop_signal() const override;
  int reload_signal() const override;
  bool is_problem(std::string_view error_log_line) const override;
  bool is_loaded(const std::vector<pid_t>& workers_before,
                 const std::string& error_log_before) const override;
};

}  // namespace connfate::harness
