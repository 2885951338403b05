// SPDX-License-Identifier: Apache-2.0
#include "system/scenarios/theatre.hpp"

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "harness/witness.hpp"

namespace connfate::harness {
namespace {

std::chrono::seconds to_seconds(Patience patience) {
  return std::chrono::seconds(patience == Patience::kShort ? 2 : 30);
}

std::unique_ptr<peers::Backend> backend_in_server_namespace(const Lab& lab) {
  const InNamespace here = lab.enter_server();
  return std::make_unique<peers::Backend>();
}

}  // namespace

std::string module_of(ServerKind kind) {
  const bool nginx = kind == ServerKind::kNginx;
  const char* other = std::getenv(nginx ? "CONNFATE_NGINX_MODULE" : "CONNFATE_APACHE_MODULE");
  if (other != nullptr) return other;
  return nginx ? CONNFATE_NGINX_MODULE : CONNFATE_APACHE_MODULE;
}

Theatre::Theatre(std::function<std::string(ServerKind)> extra_config)
    : extra_config_(std::move(extra_config)), backend_(backend_in_server_namespace(lab_)) {}

Theatre::~Theatre() = default;

bool Theatre::is_bare() {
  return std::getenv("CONNFATE_BARE") != nullptr;
}

std::optional<std::string> Theatre::missing(ServerKind kind) {
  static const std::optional<std::string> privilege = Lab::missing_privilege();
  if (privilege) return privilege;
  if (auto program = missing_program(kind)) return program;
  if (is_bare() || std::filesystem::exists(module_of(kind))) return std::nullopt;
  return "the connfate module is not built: '" + module_of(kind) + "'";
}

Server& Theatre::server(ServerKind kind, Patience patience) {
  std::unique_ptr<Server>& server = servers_[{kind, patience}];
  if (server == nullptr) {
    std::unique_ptr<Witness>& witness = witnesses_[{kind, patience}];
    if (!is_bare()) witness = std::make_unique<Witness>(lab_.hosts());
    server = make_server(kind, lab_.hosts(),
                         {.module = is_bare() ? "" : module_of(kind),
                          .backend = backend_->address(),
                          .send_timeout = to_seconds(patience),
                          .witness_path = witness ? witness->socket().string() : "",
                          .extra_config = extra_config_ ? extra_config_(kind) : ""});
    server->start();
    // A new listener is captured from the moment on that the witness has seen it.
    if (witness) std::this_thread::sleep_for(std::chrono::milliseconds(300));
  }
  return *server;
}

const Witness* Theatre::witness(ServerKind kind, Patience patience) const {
  const auto found = witnesses_.find({kind, patience});
  return found != witnesses_.end() ? found->second.get() : nullptr;
}

std::vector<std::string> Theatre::close(ServerKind kind) {
  std::vector<std::string> complaints;
  for (const Patience patience : {Patience::kShort, Patience::kLong}) {
    const auto found = servers_.find({kind, patience});
    if (found == servers_.end()) continue;
    Server& server = *found->second;
    if (const int code = server.stop(); code != 0) {
      complaints.push_back(server.name() + " ended with exit code " + std::to_string(code));
    }
    for (const std::string& line : server.error_log_problems()) complaints.push_back(line);
    servers_.erase(found);
  }
  return complaints;
}

}  // namespace connfate::harness
