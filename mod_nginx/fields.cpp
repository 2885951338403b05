// SPDX-License-Identifier: Apache-2.0
#include "fields.hpp"

#include <array>
#include <cstring>
#include <string_view>

#include "config.hpp"
#include "connfate/bundle.hpp"
#include "connfate/field.hpp"
#include "request.hpp"

namespace connfate::nginx {
namespace {

constexpr std::string_view kFateVariable = "connfate";
constexpr std::string_view kBundleVariable = "connfate_log";
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

ngx_int_t get_field(ngx_http_request_t* r, ngx_variable_value_t* value, uintptr_t index) {
  const Field& field = fields()[index];
  if (!is_enabled(r)) return not_found(value);
  const Observation* seen =
      observation(r, {.cookie = field.needs == Needs::kCookie, .ttl = field.needs == Needs::kTtl});
  if (seen == nullptr) return not_found(value);
  std::array<char, kFieldSize> buffer;
  CharWriter text(buffer.data(), buffer.size());
  if (!field.write(*seen, text)) return not_found(value);
  return found(r, value, text.view());
}

ngx_int_t get_bundle(ngx_http_request_t* r, ngx_variable_value_t* value, uintptr_t) {
  if (!is_enabled(r)) return not_found(value);
  const Observation* seen = observation(r, {.cookie = true, .ttl = true});
  if (seen == nullptr) return not_found(value);
  std::array<char, kBundleSize> buffer;
  return found(r, value, write_bundle(*seen, buffer.data(), buffer.size()));
}

ngx_int_t add_variable(ngx_conf_t* cf, std::string_view prefix, std::string_view name,
                       ngx_http_get_variable_pt get, uintptr_t data) noexcept {
  ngx_str_t full;
  full.len = prefix.size() + name.size();
  full.data = static_cast<u_char*>(ngx_pnalloc(cf->pool, full.len));
  if (full.data == nullptr) return NGX_ERROR;
  std::memcpy(full.data, prefix.data(), prefix.size());
  std::memcpy(full.data + prefix.size(), name.data(), name.size());
  ngx_http_variable_t* variable = ngx_http_add_variable(cf, &full, NGX_HTTP_VAR_NOCACHEABLE);
  if (variable == nullptr) return NGX_ERROR;
  variable->get_handler = get;
  variable->data = data;
  return NGX_OK;
}

}  // namespace

ngx_int_t add_variables(ngx_conf_t* cf) noexcept {
  if (add_variable(cf, kBundleVariable, "", get_bundle, 0) != NGX_OK) return NGX_ERROR;
  if (add_variable(cf, kFateVariable, "", get_field, 0) != NGX_OK) return NGX_ERROR;
  for (uintptr_t i = 1; i < fields().size(); ++i) {  // 0 is fate, which has the short name
    if (add_variable(cf, kFieldPrefix, fields()[i].name, get_field, i) != NGX_OK) return NGX_ERROR;
  }
  return NGX_OK;
}

}  // namespace connfate::nginx
