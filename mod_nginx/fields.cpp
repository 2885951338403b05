// SPDX-License-Identifier: Apache-2.0
#include "fields.hpp"

#include <array>
#include <cstring>
#include <string_view>

#include "config.hpp"
#include "connfate/bundle.hpp"
#include "connfate/field.hpp"
#include "connfate/json_line.hpp"
#include "logged.hpp"
#include "request.hpp"

namespace connfate::nginx {
namespace {

constexpr std::string_view kFateVariable = "connfate";
constexpr std::string_view kBundleVariable = "connfate_log";
constexpr std::string_view kJsonVariable = "connfate_json";
constexpr std::string_view kFieldPrefix = "connfate_";

ngx_int_t not_found(ngx_variable_value_t* value) noexcept {
  value->not_found = 1;
  return NGX_OK;
}

/// Copies `text` into the request's pool.
ngx_int_t found(ngx_http_request_t* r, ngx_variable_value_t* value,
                std::string_view text) noexcept {
  auto* copy = static_cast<u_char*>(ngx_pnalloc(r->pool, text.size()));
  if (copy == nullptr) return NGX_ERROR;
  std::memcpy(copy, text.data(), text.size());
  value->data = copy;
  value->len = static_cast<unsigned>(text.size()) & 0xfffffffU;  // 28 bits wide
  value->valid = 1;
  value->no_cacheable = 0;
  value->not_found = 0;
  return NGX_OK;
}

/// The door of a variable: what belongs to the request is looked up here.
const Observation* observation_of(ngx_http_request_t* r, Identity wanted) noexcept {
  const auto x = exchange_of(r);
  return x ? observation(*x, wanted) : nullptr;
}

ngx_int_t get_field(ngx_http_request_t* r, ngx_variable_value_t* value, uintptr_t index) {
  const Field& field = fields()[index];
  if (!is_enabled(r)) return not_found(value);
  const Observation* seen = observation_of(r, Identity::of(field.needs));
  if (seen == nullptr) return not_found(value);
  std::array<char, kFieldSize> buffer;
  CharWriter text(buffer.data(), buffer.size());
  if (!field.write(*seen, text)) return not_found(value);
  return found(r, value, text.view());
}

ngx_int_t get_bundle(ngx_http_request_t* r, ngx_variable_value_t* value, uintptr_t) {
  if (!is_enabled(r)) return not_found(value);
  const Observation* seen = observation_of(r, Identity::all());
  if (seen == nullptr) return not_found(value);
  std::array<char, kBundleSize> buffer;
  return found(r, value, write_bundle(*seen, detail_of(r), buffer.data(), buffer.size()));
}

/// Always an object: a line of a log that consists of it alone is JSON where connfate is off, too.
ngx_int_t get_json(ngx_http_request_t* r, ngx_variable_value_t* value, uintptr_t) {
  const Observation* seen = is_enabled(r) ? observation_of(r, Identity::all()) : nullptr;
  std::array<char, kJsonLineSize> buffer;
  return found(r, value,
               write_json_line(logged_request(r->main), seen, main_config(r).host, detail_of(r),
                               buffer.data(), buffer.size()));
}

std::string_view text_of(const ngx_str_t& text) noexcept {
  return {static_cast<const char*>(static_cast<const void*>(text.data)), text.len};
}

/// The field that the variable shows; nullptr when it is none of ours, or the bundle.
const Field* field_of(std::string_view variable) noexcept {
  if (variable == kFateVariable) return &fields().front();
  if (!variable.starts_with(kFieldPrefix)) return nullptr;
  const Field* field = find_field(variable.substr(kFieldPrefix.size()));
  return field != &fields().front() ? field : nullptr;
}

/// By the name that somebody asks for, which begins like ours.
ngx_int_t get_by_name(ngx_http_request_t* r, ngx_variable_value_t* value, uintptr_t data) {
  const std::string_view name = text_of(*reinterpret_cast<const ngx_str_t*>(data));
  if (name == kBundleVariable) return get_bundle(r, value, 0);
  if (name == kJsonVariable) return get_json(r, value, 0);
  const Field* field = field_of(name);
  if (field == nullptr) return not_found(value);
  return get_field(r, value, static_cast<uintptr_t>(field - fields().data()));
}

ngx_int_t add_variable(ngx_conf_t* cf, std::string_view prefix, std::string_view name,
                       ngx_http_get_variable_pt get, uintptr_t data) noexcept {
  ngx_str_t full;
  full.len = prefix.size() + name.size();
  full.data = static_cast<u_char*>(ngx_pnalloc(cf->pool, full.len));
  if (full.data == nullptr) return NGX_ERROR;
  std::memcpy(full.data, prefix.data(), prefix.size());
  std::memcpy(full.data + prefix.size(), name.data(), name.size());
  ngx_http_variable_t* variable =
      ngx_http_add_variable(cf, &full, NGX_HTTP_VAR_NOCACHEABLE | NGX_HTTP_VAR_NOHASH);
  if (variable == nullptr) return NGX_ERROR;
  variable->get_handler = get;
  variable->data = data;
  return NGX_OK;
}

}  // namespace

ngx_int_t add_variables(ngx_conf_t* cf) noexcept {
  if (add_variable(cf, kBundleVariable, "", get_bundle, 0) != NGX_OK) return NGX_ERROR;
  if (add_variable(cf, kJsonVariable, "", get_json, 0) != NGX_OK) return NGX_ERROR;
  if (add_variable(cf, kFateVariable, "", get_field, 0) != NGX_OK) return NGX_ERROR;
  for (uintptr_t i = 1; i < fields().size(); ++i) {  // 0 is fate, which has the short name
    if (add_variable(cf, kFieldPrefix, fields()[i].name, get_field, i) != NGX_OK) return NGX_ERROR;
  }
  return NGX_OK;
}

ngx_int_t add_prefix(ngx_cycle_t* cycle) noexcept {
  static u_char prefix[] = "connfate";
  auto* core = static_cast<ngx_http_core_main_conf_t*>(
      ngx_http_cycle_get_module_main_conf(cycle, ngx_http_core_module));
  if (core == nullptr) return NGX_OK;  // no http {}
  auto* variable = static_cast<ngx_http_variable_t*>(ngx_array_push(&core->prefix_variables));
  if (variable == nullptr) return NGX_ERROR;
  *variable = {};
  variable->name = {sizeof prefix - 1, prefix};
  variable->get_handler = get_by_name;
  variable->flags = NGX_HTTP_VAR_NOCACHEABLE | NGX_HTTP_VAR_PREFIX;
  return NGX_OK;
}

bool is_our_variable(std::string_view name) noexcept {
  return name == kBundleVariable || name == kJsonVariable || field_of(name) != nullptr;
}

}  // namespace connfate::nginx
