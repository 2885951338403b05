// SPDX-License-Identifier: Apache-2.0
#include "config.hpp"

#include <string_view>

namespace connfate::nginx {
namespace {

constexpr std::string_view kPrefix = "connfate";

bool is_ours(const ngx_str_t& name) noexcept {
  // The entry of an index that lost its variable has no name.
  const auto* first = static_cast<const char*>(static_cast<const void*>(name.data));
  return first != nullptr && std::string_view(first, name.len).starts_with(kPrefix);
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

bool collect_used_variables(ngx_conf_t* cf, MainConfig& config) noexcept {
  auto* core = static_cast<ngx_http_core_main_conf_t*>(
      ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module));
  const auto* variables = static_cast<ngx_http_variable_t*>(core->variables.elts);
  for (ngx_uint_t i = 0; i < core->variables.nelts; ++i) {
    if (!is_ours(variables[i].name)) continue;
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
  auto* config = static_cast<MainConfig*>(ngx_pcalloc(cf->pool, sizeof(MainConfig)));
  if (config == nullptr ||
      ngx_array_init(&config->used_variables, cf->pool, 4, sizeof(ngx_uint_t)) != NGX_OK) {
    return nullptr;
  }
  return config;
}

extern "C" void* connfate_create_loc_conf(ngx_conf_t* cf) {
  auto* config = static_cast<LocationConfig*>(ngx_pcalloc(cf->pool, sizeof(LocationConfig)));
  if (config != nullptr) config->enabled = NGX_CONF_UNSET;
  return config;
}

extern "C" char* connfate_merge_loc_conf(ngx_conf_t*, void* parent, void* child) {
  auto* outer = static_cast<LocationConfig*>(parent);
  auto* inner = static_cast<LocationConfig*>(child);
  if (inner->enabled == NGX_CONF_UNSET) {
    inner->enabled = outer->enabled == NGX_CONF_UNSET ? 0 : outer->enabled;
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
