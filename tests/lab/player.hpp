// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides one play of a story: its client, its faults in the network, and what was said about it.
// The steps act on it; World holds what outlives a play.
// Failure: every function throws std::runtime_error when what it waits for does not come.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lab/client_role.hpp"
#include "lab/judge.hpp"
#include "lab/own_host.hpp"
#include "lab/story.hpp"
#include "lab/world.hpp"
#include "peers/killed_process.hpp"

namespace connfate::lab {

class Player {
 public:
  /// The kernel gives up after 6.5 s, the server after its timer; the witness waits a little more.
  static constexpr std::chrono::milliseconds kLineLimit = std::chrono::seconds(60);

  Player(World& world, const Story& story, const Way& way);
  ~Player();  ///< mends everything that the story broke
  Player(const Player&) = delete;
  Player& operator=(const Player&) = delete;

  /// Every step, in the client's namespace.
  void play();
  /// Waits for as many lines as the story promises, and a little for those that it does not.
  Testimony testimony();
  std::uint16_t client_port() const { return port_; }
  /// Of the end at the client's side of the connection that the network acts on.
  std::uint16_t far_port() const { return far_port_; }
  void turn_to_application();
  void turn_to_client() { far_port_ = port_; }
  bool ipv6() const { return way_.ipv6; }
  /// For good traffic.
  peers::Address cleartext_address() const;
  /// One sentence per response to another client that was not delivered; when they are all over.
  std::vector<std::string> complaints_about_good_traffic() const;

  // What steps use.
  void connect(peers::ClientOptions options);
  void knock(int clients);
  void knock_on_closed_port();
  void knock_in_vain();
  ClientRole& client();
  void start_process(const std::string& path, std::size_t read_bytes);
  void kill_process();

  harness::Server& server() { return server_; }
  peers::Backend& backend() { return world_.backend(story_.setup); }
  Network& network() { return world_.network(); }
  void wait_until_backend_holds();
  void kill_worker();
  void signal_server(int number);
  void set_sysctl(const std::string& key, const std::string& value);
  OwnHost& own_host() { return own_host_; }

  void wait_for_log_lines(std::size_t count);
  void wait_for_final_lines(std::size_t count, std::chrono::milliseconds limit = kLineLimit);

 private:
  peers::Address address() const;
  void hang_up();
  /// Of this play, about the client ports for which `wanted` holds.
  std::vector<nlohmann::json> final_lines(const std::function<bool(int)>& wanted) const;
  std::vector<nlohmann::json> final_lines() const;
  std::vector<nlohmann::json> final_responses(const std::function<bool(int)>& wanted) const;

  World& world_;
  const Story& story_;
  Promise promise_;
  Way way_;
  harness::Server& server_;
  harness::Witness& witness_;
  std::uint16_t port_;  ///< of the story's client
  std::uint16_t far_port_;
  OwnHost own_host_;
  std::size_t witness_lines_before_;  ///< of earlier plays
  std::optional<ClientRole> client_;
  std::optional<peers::KilledProcess> process_;
  std::vector<int> knockers_;  ///< sockets
  std::vector<std::pair<std::string, std::string>> sysctls_before_;
};

}  // namespace connfate::lab
