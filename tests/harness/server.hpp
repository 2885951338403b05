// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides a web server under test: the distribution's binary with a generated configuration, in a
// temporary directory of its own and in the server's namespace. Both servers offer the same:
//
//   /small.txt /page60k.bin /medium.bin /64m.bin   static files, with sendfile
//   /nosf/...                the same files without sendfile
//   /backend/...             proxied to the backend; the path behind the prefix is passed on
//   /backend-unbuffered/...  passed on piece by piece
//   /backend-ignore/...      the server does not care whether the client is still there
//   /ws/...                  proxied with an upgrade to WebSocket
//   /redirect                404 whose body is /small.txt, by an internal redirect
//   /gone                    nginx: closed without an answer (return 444)
//
// A request body may have 1 MiB. Failure: start() throws std::runtime_error with the server's own
// words; so does a wait that runs out of time.

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/hosts.hpp"
#include "harness/log_line.hpp"
#include "harness/process.hpp"
#include "harness/temporary_directory.hpp"
#include "peers/address.hpp"
#include "peers/client_options.hpp"

namespace connfate::harness {

struct ServerOptions {
  std::string module{};      ///< absolute path of the connfate module; empty: run without it
  peers::Address backend{};  ///< in the server namespace; port 0: nothing to proxy to
  std::chrono::seconds send_timeout{2};  ///< nginx send_timeout, httpd Timeout
  std::chrono::seconds keepalive_timeout{75};
  std::string error_level = "warn";
  bool connfate_on = true;                    ///< with a module: the directive
  bool log_bundle = true;                     ///< with a module: the access log uses the fields
  std::string witness_path{};                 ///< with a module: where to report to; empty: nowhere
  int workers = 1;                            ///< nginx worker_processes
  int connections = 1024;                     ///< nginx worker_connections
  bool daemon = false;                        ///< nginx: in the background; the test inherits it
  std::vector<std::string> modules_before{};  ///< nginx: loaded before ours
  std::vector<std::string> modules_after{};   ///< nginx: loaded after ours
  std::string extra_config{};  ///< added at the end of http {} or of the main server config
};

class Server {
 public:
  Server(Hosts hosts, std::string name, ServerOptions options);
  virtual ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  const std::string& name() const { return name_; }
  bool has_module() const { return !options_.module.empty(); }
  virtual bool has_http2() const = 0;

  /// Returns when every listener accepts connections.
  void start();
  /// Ends it at once (SIGTERM). Returns the exit code; 0 is a good end.
  int stop();
  /// Ends it gracefully: open requests are finished first.
  int stop_gracefully();
  /// Reads the configuration again, and returns when a new worker is there. Old workers may live
  /// on; with httpd, connections made before they were gone have been seen unanswered after 2 s.
  void reload();

  /// The TLS listener offers h2 in ALPN.
  peers::Address address(peers::Transport transport) const;
  /// Cleartext HTTP/2 with prior knowledge.
  peers::Address h2c_address() const;
  /// Empty when the server cannot listen on unix-domain sockets.
  virtual std::filesystem::path unix_socket() const { return {}; }

  pid_t pid() const { return process_->pid(); }
  /// The processes that serve.
  std::vector<pid_t> workers() const { return children_of(pid()); }

  std::vector<LogLine> log_lines() const;
  std::vector<LogLine> log_lines_of(int client_port) const;
  /// The n-th line (from 1) of that client port. Throws when it does not come within `limit`.
  LogLine wait_for_line(int client_port, std::size_t n = 1,
                        std::chrono::milliseconds limit = std::chrono::seconds(10)) const;
  /// Forgets all lines so far.
  void clear_access_log();
  /// Lines that no healthy server writes: level crit and worse, children that died of a signal.
  std::vector<std::string> error_log_problems() const;
  std::filesystem::path access_log() const { return directory() / "access.log"; }
  std::string error_log() const { return read_file(directory() / "error.log"); }

 protected:
  /// From now on this process is the server: what a daemon or an upgrade left behind.
  void take_over(pid_t successor) { process_.emplace(successor); }
  const ServerOptions& options() const { return options_; }
  const std::filesystem::path& directory() const { return directory_.path(); }
  bool has_worker_besides(const std::vector<pid_t>& others) const;
  std::uint16_t cleartext_port() const { return cleartext_port_; }
  std::uint16_t tls_port() const { return tls_port_; }
  std::uint16_t h2c_port() const { return h2c_port_; }

  bool is_connfate_on() const { return has_module() && options_.connfate_on; }
  bool has_witness() const { return has_module() && !options_.witness_path.empty(); }
  bool logs_bundle() const { return has_module() && options_.log_bundle; }

  /// The server's process, when it is not the one that was started; 0: not known yet.
  virtual pid_t daemon_pid() const { return 0; }

  virtual std::string configuration() const = 0;
  virtual std::vector<std::string> command_line() const = 0;
  virtual int graceful_stop_signal() const = 0;
  virtual int reload_signal() const = 0;
  virtual bool is_problem(std::string_view error_log_line) const = 0;
  /// Whether the configuration has come into effect since then; the signal handlers are in place,
  /// too. At the start nothing was before.
  virtual bool is_loaded(const std::vector<pid_t>& workers_before,
                         const std::string& error_log_before) const = 0;

 private:
  bool is_serving() const;
  void follow_daemon();
  std::string output() const { return read_file(directory() / "output.txt"); }

  Hosts hosts_;
  std::string name_;
  ServerOptions options_;
  TemporaryDirectory directory_;
  std::uint16_t cleartext_port_ = 0;
  std::uint16_t tls_port_ = 0;
  std::uint16_t h2c_port_ = 0;
  std::optional<Process> process_;
};

enum class ServerKind : std::uint8_t { kNginx, kEvent, kWorker, kPrefork };
inline constexpr ServerKind kServerKinds[] = {ServerKind::kNginx, ServerKind::kEvent,
                                              ServerKind::kWorker, ServerKind::kPrefork};

/// "Nginx", "Event", "Worker", "Prefork": as test names say it.
std::string_view to_name(ServerKind kind);

/// Why this kind cannot run here (program or MPM not installed); nullopt when it can.
std::optional<std::string> missing_program(ServerKind kind);

/// Not started yet.
std::unique_ptr<Server> make_server(ServerKind kind, Hosts hosts, ServerOptions options);

}  // namespace connfate::harness
