// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides OwnHost: what the server's own host does to the story's connection: its firewall, its
// routes, its neighbours. Everything is undone when it dies. Used by the player.
// Failure: std::runtime_error with the failing command's output.

#include <cstdint>
#include <string>
#include <string_view>

namespace connfate::lab {

class OwnHost {
 public:
  /// `client_port`: of the connection that it acts upon; the routes are those to `client`.
  OwnHost(std::string server_namespace, std::string client, std::uint16_t client_port);
  ~OwnHost();
  OwnHost(const OwnHost&) = delete;
  OwnHost& operator=(const OwnHost&) = delete;

  /// What leaves for the client; `statement` is nft's, such as "drop" or "quota over 9 bytes drop".
  void on_output(std::string_view statement);
  /// What comes from the client.
  void on_input(std::string_view statement);
  /// What leaves for the client, where the interface takes it: behind routes and firewall.
  void on_egress(std::string_view statement);
  /// "prohibit", "unreachable", "blackhole", or "via 192.0.2.1".
  void route(std::string_view kind);
  /// The interface's queue (tc's token bucket) is too small for any packet.
  void shrink_queue();
  void let_everything_pass();

 private:
  std::string device() const;

  std::string namespace_;
  std::string client_;  ///< with its prefix length
  std::string port_;
  std::string shaped_;  ///< the device whose queue was replaced
};

}  // namespace connfate::lab
