// SPDX-License-Identifier: Apache-2.0
#include "lab/world.hpp"

#include <chrono>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "harness/deadline.hpp"
#include "peers/client.hpp"
#include "peers/http2_client.hpp"

#include "system/scenarios/theatre.hpp"

namespace connfate::lab {
namespace {

/// Long enough for a busy machine, and for a client that speaks again a little later.
const harness::WitnessOptions kWitnessDelays{.first_lookup = "700ms", .settle = "600ms"};

/// "exited on signal 9" of nginx, "exit signal Killed (9)" of httpd.
bool is_death(const std::string& line) {
  return line.find("on signal 9") != line.npos || line.find("Killed (9)") != line.npos;
}

}  // namespace

World::World(Topology topology)
    : topology_(topology), network_(std::make_unique<Network>(topology)) {
  const harness::InNamespace here(network_->server_namespace());
  backend_ = std::make_unique<peers::Backend>();
}

World::~World() = default;

harness::Server& World::server(harness::ServerKind kind, const ServerSetup& setup) {
  std::unique_ptr<harness::Server>& server = servers_[{kind, setup}];
  if (server == nullptr) {
    server =
        harness::make_server(kind, hosts(),
                             {.module = harness::module_of(kind),
                              .backend = backend(setup).address(),
                              .send_timeout = std::chrono::seconds(setup.send_timeout_s),
                              .keepalive_timeout = std::chrono::seconds(setup.keepalive_timeout_s),
                              .witness_path = witness(kind, setup).socket().string(),
                              .extra_config = setup.nginx});
    server->start();
    warm_up(*server, witness(kind, setup));
  }
  return *server;
}

peers::Backend& World::backend(const ServerSetup& setup) {
  if (!setup.application_behind_box) return *backend_;
  if (far_backend_ == nullptr) {
    const harness::InNamespace there(network_->client_namespace());
    far_backend_ =
        std::make_unique<peers::Backend>(Network::client_ip(Network::kClientAddresses - 1));
  }
  return *far_backend_;
}

harness::Witness& World::witness(harness::ServerKind kind, const ServerSetup& setup) {
  std::unique_ptr<harness::Witness>& witness = witnesses_[{kind, setup}];
  if (witness == nullptr) {
    witness = std::make_unique<harness::Witness>(hosts(), kWitnessDelays);
  }
  return *witness;
}

std::vector<std::string> World::close() {
  std::vector<std::string> complaints;
  std::vector<std::string> deaths;
  for (auto& [key, server] : servers_) {
    if (const int code = server->stop(); code != 0) {
      complaints.push_back(server->name() + " ended with exit code " + std::to_string(code));
    }
    for (std::string& line : server->error_log_problems()) {
      (is_death(line) ? deaths : complaints).push_back(std::move(line));
    }
  }
  servers_.clear();
  if (std::cmp_greater(deaths.size(), expected_deaths_)) {
    complaints.insert(complaints.end(), deaths.begin(), deaths.end());
  }
  return complaints;
}

/// The witness captures packets of a port from its first report on, or soon after it is listened
/// on.
void World::warm_up(const harness::Server& server, const harness::Witness& witness) const {
  const harness::InNamespace here(network_->client_namespace());
  const std::size_t before = witness.lines().size();
  for (const auto transport : {peers::Transport::kCleartext, peers::Transport::kTls}) {
    peers::Client client(server.address(transport), {.transport = transport});
    client.get("/small.txt", false);
    client.read_response();
  }
  std::size_t responses = 2;
  if (server.has_http2()) {
    peers::Http2Client client(server.h2c_address());
    client.run_until_closed(client.request("/small.txt"));
    ++responses;
  }
  const bool known = harness::eventually(
      [&] { return witness.lines().size() >= before + responses; }, std::chrono::seconds(10));
  if (!known) throw std::runtime_error("the witness says nothing of " + server.name());
}

harness::Hosts World::hosts() const {
  return {network_->client_namespace(), network_->server_namespace(), network_->server_ip()};
}

}  // namespace connfate::lab
