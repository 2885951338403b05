// SPDX-License-Identifier: Apache-2.0
#include "config.hpp"

#include <new>
#include <string_view>

#include "fields.hpp"
#include "socket/witness.hpp"

namespace connfate::nginx {
namespace {

constexpr std::string_view kRequestId = "request_id";
constexpr std::string_view kTraceId = "otel_trace_id";

/// Empty for the entry of an index that lost its variable.
std::string_view text_of(const ngx_str_t& text) noexcept {
  return {static_cast<const char*>(static_cast<const void*>(text.data)), text.len};
}

char* config_error() noexcept {
  return static_cast<char*>(NGX_CONF_ERROR);
}

LocationConfig& location_config(ngx_http_request_t* r) noexcept {
  return *static_cast<LocationConfig*>(ngx_http_get_module_loc_conf(r, ngx_http_connfate_module));
}

}  // namespace

MainConfig& main_config(ngx_conf_t* cf) noexcept {
  return *static_cast<MainConfig*>(
      ngx_http_conf_get_module_main_conf(cf, ngx_http_connfate_module));
}

const MainConfig& main_config(ngx_http_request_t* r) noexcept {
  return *static_cast<MainConfig*>(ngx_http_get_module_main_conf(r, ngx_http_connfate_module));
}

bool is_enabled(ngx_http_request_t* r) noexcept {
  return location_config(r).enabled == 1;
}

Detail detail_of(ngx_http_request_t* r) noexcept {
  return static_cast<Detail>(location_config(r).detail);
}

bool collect_used_variables(ngx_conf_t* cf, MainConfig& config) noexcept {
  auto* core = static_cast<ngx_http_core_main_conf_t*>(
      ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module));
  const auto* variables = static_cast<ngx_http_variable_t*>(core->variables.elts);
  for (ngx_uint_t i = 0; i < core->variables.nelts; ++i) {
    const std::string_view name = text_of(variables[i].name);
    if (name == kRequestId) config.request_id = static_cast<ngx_int_t>(i);
    if (name == kTraceId) config.trace_id = static_cast<ngx_int_t>(i);
    if (!is_our_variable(name)) continue;
    auto* slot = static_cast<ngx_uint_t*>(ngx_array_push(&config.used_variables));
    if (slot == nullptr) return false;
    *slot = i;
  }
  return true;
}

}  // namespace connfate::nginx

using connfate::nginx::LocationConfig;
using connfate::nginx::MainConfig;

extern "C" void* connfate_create_main_conf(ngx_conf_t* cf) {
  void* memory = ngx_pcalloc(cf->pool, sizeof(MainConfig));
  if (memory == nullptr) return nullptr;
  auto* config = new (memory) MainConfig{};
  if (ngx_array_init(&config->used_variables, cf->pool, 4, sizeof(ngx_uint_t)) != NGX_OK) {
    return nullptr;
  }
  config->request_id = NGX_ERROR;
  config->trace_id = NGX_ERROR;
  config->host = connfate::HostIdentity::read();
  return config;
}

extern "C" void* connfate_create_loc_conf(ngx_conf_t* cf) {
  auto* config = static_cast<LocationConfig*>(ngx_pcalloc(cf->pool, sizeof(LocationConfig)));
  if (config == nullptr) return nullptr;
  config->enabled = NGX_CONF_UNSET;
  config->detail = NGX_CONF_UNSET_UINT;
  return config;
}

extern "C" char* connfate_merge_loc_conf(ngx_conf_t*, void* parent, void* child) {
  auto* outer = static_cast<LocationConfig*>(parent);
  auto* inner = static_cast<LocationConfig*>(child);
  if (inner->enabled == NGX_CONF_UNSET) {
    inner->enabled = outer->enabled == NGX_CONF_UNSET ? 0 : outer->enabled;
  }
  if (inner->detail == NGX_CONF_UNSET_UINT) {
    const auto usual = static_cast<ngx_uint_t>(connfate::Detail::kTrouble);
    inner->detail = outer->detail == NGX_CONF_UNSET_UINT ? usual : outer->detail;
  }
  return NGX_CONF_OK;
}

extern "C" char* connfate_set_enabled(ngx_conf_t* cf, ngx_command_t* cmd, void* conf) {
  char* result = ngx_conf_set_flag_slot(cf, cmd, conf);
  if (static_cast<LocationConfig*>(conf)->enabled == 1) {
    connfate::nginx::main_config(cf).enabled_somewhere = true;
  }
  return result;
}

extern "C" char* connfate_set_detail(ngx_conf_t* cf, ngx_command_t*, void* conf) {
  using namespace connfate::nginx;
  static char duplicate[] = "is duplicate";
  auto* config = static_cast<LocationConfig*>(conf);
  if (config->detail != NGX_CONF_UNSET_UINT) return duplicate;
  const ngx_str_t& word = static_cast<ngx_str_t*>(cf->args->elts)[1];
  const auto detail = connfate::parse_detail(text_of(word));
  if (!detail) {
    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0,
                       "connfate_detail: \"%V\" is neither \"trouble\" (healthy responses have the "
                       "short form) nor \"full\"",
                       &word);
    return config_error();
  }
  config->detail = static_cast<ngx_uint_t>(*detail);
  return NGX_CONF_OK;
}

extern "C" char* connfate_set_node(ngx_conf_t* cf, ngx_command_t*, void* conf) {
  using namespace connfate::nginx;
  static char duplicate[] = "is duplicate: a host has one name";
  auto* config = static_cast<MainConfig*>(conf);
  if (config->node_is_set) return duplicate;
  const ngx_str_t& node = static_cast<ngx_str_t*>(cf->args->elts)[1];
  const auto complaint = connfate::HostIdentity::complaint_about(text_of(node));
  if (!complaint.empty()) {
    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "connfate_node: the name \"%V\" %*s", &node,
                       complaint.size(), complaint.data());
    return config_error();
  }
  config->host.rename(text_of(node));
  config->node_is_set = true;
  return NGX_CONF_OK;
}

extern "C" char* connfate_set_witness(ngx_conf_t* cf, ngx_command_t*, void* conf) {
  using namespace connfate::nginx;
  static char duplicate[] = "is duplicate: all servers tell the same witness;";
  auto* config = static_cast<MainConfig*>(conf);
  if (config->witness != nullptr) return duplicate;
  const ngx_str_t& path = static_cast<ngx_str_t*>(cf->args->elts)[1];
  const auto complaint = connfate::WitnessSocket::complaint_about(text_of(path));
  if (!complaint.empty()) {
    ngx_conf_log_error(NGX_LOG_EMERG, cf, 0, "connfate_witness: the path \"%V\" %*s", &path,
                       complaint.size(), complaint.data());
    return config_error();
  }
  config->witness = make_witness(cf, text_of(path));
  return config->witness != nullptr ? NGX_CONF_OK : config_error();
}
