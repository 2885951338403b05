// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the distribution's Apache httpd as a Server, with one of its three MPMs. Started as
// root, its children run as www-data. prefork has no HTTP/2: mod_http2 declines to work there.

#include "harness/server.hpp"

namespace connfate::harness {

class HttpdServer : public Server {
 public:
  /// `mpm` is "event", "worker" or "prefork"; it is the server's name too.
  HttpdServer(Hosts hosts, std::string mpm, ServerOptions options);

  static constexpr const char* kProgram = "/usr/sbin/apache2";
  static constexpr const char* kModules = "/usr/lib/apache2/modules";

  bool has_http2() const override { return name() != "prefork"; }

 protected:
  std::string configuration() const override;
  std::vector<std::string> command_line() const override;
  int graceful_stop_signal() const override;
  int reload_signal() const override;
  bool is_problem(std::string_view error_log_line) const override;
  bool is_loaded(const std::vector<pid_t>& workers_before,
                 const std::string& error_log_before) const override;
};

}  // namespace connfate::harness
