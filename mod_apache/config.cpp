// SPDX-License-Identifier: Apache-2.0
#include "config.hpp"

#include <new>
#include <string_view>

#include "connfate/field.hpp"
#include "fields.hpp"
#include "witness.hpp"

APLOG_USE_MODULE(connfate);

namespace connfate::apache {
namespace {

constexpr int kUnset = -1;
constexpr std::string_view kSpecifier = "^CF";

ServerConfig& config_of(const server_rec* s) noexcept {
  return *static_cast<ServerConfig*>(ap_get_module_config(s->module_config, &connfate_module));
}

PlaceConfig& place_of(ap_conf_vector_t* places) noexcept {
  return *static_cast<PlaceConfig*>(ap_get_module_config(places, &connfate_module));
}

std::string_view arguments_of(const ap_directive_t* directive) noexcept {
  return directive->args != nullptr ? directive->args : "";
}

bool uses_a_field(const ap_directive_t* directive) noexcept {
  const std::string_view text = arguments_of(directive);
  return text.find(kSpecifier) != text.npos || text.find("connfate:") != text.npos ||
         text.find("connfate(") != text.npos;
}

/// Visits the whole tree, depth first; stops at the first directive for which `visit` is true.
template <typename Visit>
const ap_directive_t* find_directive(const ap_directive_t* tree, Visit visit) noexcept {
  for (; tree != nullptr; tree = tree->next) {
    if (visit(tree)) return tree;
    if (const auto* found = find_directive(tree->first_child, visit)) return found;
  }
  return nullptr;
}

/// The first unknown name in the %{name}^CF of a format; empty when all are known.
std::string_view unknown_field(std::string_view format) noexcept {
  for (auto at = format.find(kSpecifier); at != format.npos; at = format.find(kSpecifier, at + 1)) {
    if (at == 0 || format[at - 1] != '}') continue;
    const auto open = format.rfind('{', at);
    if (open == format.npos) continue;
    const std::string_view name = format.substr(open + 1, at - open - 2);
    if (name != kJsonName && find_field(name) == nullptr) return name;
  }
  return {};
}

bool is_log_directive(const ap_directive_t* directive) noexcept {
  for (const char* name : {"LogFormat", "CustomLog", "TransferLog", "GlobalLog"}) {
    if (ap_cstr_casecmp(directive->directive, name) == 0) return true;
  }
  return false;
}

}  // namespace

bool is_enabled(const request_rec* r) noexcept {
  return place_of(r->per_dir_config).enabled == 1;
}

Detail detail_of(const request_rec* r) noexcept {
  const int detail = place_of(r->per_dir_config).detail;
  return detail == kUnset ? Detail::kTrouble : static_cast<Detail>(detail);
}

const HostIdentity& host_of(const conn_rec* c) noexcept {
  return *config_of(c->base_server).host;
}

bool is_active(const conn_rec* c) noexcept {
  return config_of(c->base_server).active;
}

WitnessSocket* witness_of(const conn_rec* c) noexcept {
  return config_of(c->base_server).witness;
}

const char* field_names(apr_pool_t* pool) noexcept {
  const char* names = "";
  for (const Field& field : fields()) {
    names = apr_pstrcat(pool, names, *names != '\0' ? ", " : "",
                        apr_pstrmemdup(pool, field.name.data(), field.name.size()), nullptr);
  }
  return names;
}

int check_fields(server_rec* main_server) noexcept {
  const auto* wrong = find_directive(ap_conftree, [](const ap_directive_t* directive) {
    return is_log_directive(directive) && !unknown_field(arguments_of(directive)).empty();
  });
  if (wrong == nullptr) return OK;
  const std::string_view name = unknown_field(arguments_of(wrong));
  ap_log_error(APLOG_MARK, APLOG_EMERG | APLOG_NOERRNO, 0, main_server,
               "%s at %s:%d: there is no connfate field \"%.*s\" for %%{...}^CF; use %%^CF for all "
               "of them, json for one object, or one of: %s",
               wrong->directive, wrong->filename, wrong->line_num, static_cast<int>(name.size()),
               name.data(), field_names(main_server->process->pconf));
  return HTTP_INTERNAL_SERVER_ERROR;
}

bool settle(apr_pool_t* pool, server_rec* main_server) noexcept {
  WitnessSocket* witness = config_of(main_server).witness;
  bool enabled = false;
  for (server_rec* s = main_server; s != nullptr; s = s->next) {
    enabled = enabled || config_of(s).enabled_somewhere;
  }
  const bool is_asked = witness != nullptr || find_directive(ap_conftree, uses_a_field) != nullptr;
  const HostIdentity* host = config_of(main_server).host;
  if (host == nullptr)
    host = new (apr_palloc(pool, sizeof(HostIdentity))) HostIdentity(HostIdentity::read());
  for (server_rec* s = main_server; s != nullptr; s = s->next) {
    config_of(s).host = host;
    config_of(s).active = enabled && is_asked;
    config_of(s).witness = witness;
  }
  return enabled && is_asked;
}

}  // namespace connfate::apache

using connfate::apache::PlaceConfig;
using connfate::apache::ServerConfig;

extern "C" void* connfate_create_server_config(apr_pool_t* pool, server_rec*) {
  return apr_pcalloc(pool, sizeof(ServerConfig));
}

extern "C" void* connfate_create_place_config(apr_pool_t* pool, char*) {
  auto* config = static_cast<PlaceConfig*>(apr_palloc(pool, sizeof(PlaceConfig)));
  *config = {connfate::apache::kUnset, connfate::apache::kUnset};
  return config;
}

extern "C" void* connfate_merge_place_config(apr_pool_t* pool, void* base, void* add) {
  auto* merged = static_cast<PlaceConfig*>(apr_pmemdup(pool, add, sizeof(PlaceConfig)));
  const auto& outer = *static_cast<PlaceConfig*>(base);
  if (merged->enabled == connfate::apache::kUnset) merged->enabled = outer.enabled;
  if (merged->detail == connfate::apache::kUnset) merged->detail = outer.detail;
  return merged;
}

extern "C" const char* connfate_set_enabled(cmd_parms* cmd, void* place, int on) {
  auto* config = static_cast<ServerConfig*>(
      ap_get_module_config(cmd->server->module_config, &connfate_module));
  if (on != 0) config->enabled_somewhere = true;
  static_cast<PlaceConfig*>(place)->enabled = on;
  return nullptr;
}

extern "C" const char* connfate_set_detail(cmd_parms* cmd, void* place, const char* word) {
  const auto detail = connfate::parse_detail(word);
  if (!detail) {
    return apr_psprintf(cmd->pool,
                        "ConnFateDetail: \"%s\" is neither Trouble (healthy responses have the "
                        "short form) nor Full",
                        word);
  }
  static_cast<PlaceConfig*>(place)->detail = static_cast<int>(*detail);
  return nullptr;
}

extern "C" const char* connfate_set_node(cmd_parms* cmd, void*, const char* node) {
  using connfate::HostIdentity;
  const char* misplaced = ap_check_cmd_context(cmd, GLOBAL_ONLY);
  if (misplaced != nullptr) return misplaced;
  auto* config = static_cast<ServerConfig*>(
      ap_get_module_config(cmd->server->module_config, &connfate_module));
  if (config->host != nullptr) return "ConnFateNode stands here twice: a host has one name";
  const auto complaint = HostIdentity::complaint_about(node);
  if (!complaint.empty()) {
    return apr_psprintf(cmd->pool, "ConnFateNode: the name \"%s\" %.*s", node,
                        static_cast<int>(complaint.size()), complaint.data());
  }
  auto* host = new (apr_palloc(cmd->pool, sizeof(HostIdentity))) HostIdentity(HostIdentity::read());
  host->rename(node);
  config->host = host;
  return nullptr;
}

extern "C" const char* connfate_set_witness(cmd_parms* cmd, void*, const char* path) {
  const char* misplaced = ap_check_cmd_context(cmd, GLOBAL_ONLY);
  if (misplaced != nullptr) return misplaced;
  auto* config = static_cast<ServerConfig*>(
      ap_get_module_config(cmd->server->module_config, &connfate_module));
  if (config->witness != nullptr) {
    return "ConnFateWitness stands here twice: all servers tell the same witness, remove one";
  }
  const auto complaint = connfate::WitnessSocket::complaint_about(path);
  if (!complaint.empty()) {
    return apr_psprintf(cmd->pool, "ConnFateWitness: the path \"%s\" %.*s", path,
                        static_cast<int>(complaint.size()), complaint.data());
  }
  config->witness = connfate::apache::make_witness(cmd->pool, path);
  return nullptr;
}
