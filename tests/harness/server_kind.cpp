// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include "harness/httpd_server.hpp"
#include "harness/nginx_server.hpp"

namespace connfate::harness {
namespace {

std::string mpm_of(ServerKind kind) {
  switch (kind) {
    case ServerKind::kNginx: break;
    case ServerKind::kEvent: return "event";
    case ServerKind::kWorker: return "worker";
    case ServerKind::kPrefork: return "prefork";
  }
  return {};
}

}  // namespace

std::string_view to_name(ServerKind kind) {
  switch (kind) {
    case ServerKind::kNginx: return "Nginx";
    case ServerKind::kEvent: return "Event";
    case ServerKind::kWorker: return "Worker";
    case ServerKind::kPrefork: return "Prefork";
  }
  return {};
}

std::optional<std::string> missing_program(ServerKind kind) {
  const bool nginx = kind == ServerKind::kNginx;
  std::vector<std::string> needed{nginx ? NginxServer::kProgram : HttpdServer::kProgram};
  if (!nginx) needed.push_back(HttpdServer::kModules + ("/mod_mpm_" + mpm_of(kind)) + ".so");
  for (const std::string& file : needed) {
    if (access(file.c_str(), R_OK) != 0) return file + " is not installed";
  }
  return std::nullopt;
}

std::unique_ptr<Server> make_server(ServerKind kind, Hosts hosts, ServerOptions options) {
  if (kind == ServerKind::kNginx)
    return std::make_unique<NginxServer>(std::move(hosts), std::move(options));
  return std::make_unique<HttpdServer>(std::move(hosts), mpm_of(kind), std::move(options));
}

}  // namespace connfate::harness
