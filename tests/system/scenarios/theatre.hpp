// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides what the scenarios of one process share: the lab, the backend in its server namespace,
// and the servers, each started with a witness of its own when the first scenario needs it and
// stopped at the end.
// Failure: construction and server() throw when something does not start.

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "harness/lab.hpp"
#include "harness/server.hpp"
#include "peers/backend.hpp"
#include "system/scenarios/scenarios.hpp"

namespace connfate::harness {

class Witness;

/// Absolute path of the module under test: the one of this build, or that of the environment's
/// CONNFATE_NGINX_MODULE or CONNFATE_APACHE_MODULE.
std::string module_of(ServerKind kind);

class Theatre {
 public:
  /// `extra_config` is ServerOptions::extra_config for each kind of server.
  explicit Theatre(std::function<std::string(ServerKind)> extra_config = {});
  ~Theatre();

  /// Why scenarios cannot be played on this kind of server here; nullopt when they can.
  static std::optional<std::string> missing(ServerKind kind);
  /// True when servers run without the module (CONNFATE_BARE is set): then only the line count and
  /// the status can be checked, which must be the same with it.
  static bool is_bare();

  Lab& lab() { return lab_; }
  peers::Backend& backend() { return *backend_; }
  Server& server(ServerKind kind, Patience patience);
  /// nullptr without the module. It goes on after close().
  const Witness* witness(ServerKind kind, Patience patience) const;
  /// Stops the servers of that kind. One sentence per thing a healthy server does not do.
  std::vector<std::string> close(ServerKind kind);

 private:
  std::function<std::string(ServerKind)> extra_config_;
  Lab lab_;
  std::unique_ptr<peers::Backend> backend_;
  std::map<std::pair<ServerKind, Patience>, std::unique_ptr<Witness>> witnesses_;
  std::map<std::pair<ServerKind, Patience>, std::unique_ptr<Server>> servers_;
};

}  // namespace connfate::harness
