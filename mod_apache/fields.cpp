// SPDX-License-Identifier: Apache-2.0
#include "fields.hpp"

#include <array>
#include <string_view>

#include "config.hpp"
#include "connfate/bundle.hpp"
#include "connfate/field.hpp"
#include "connfate/json_line.hpp"
#include "logged.hpp"
#include "request.hpp"

namespace connfate::apache {
namespace {

constexpr const char* kUnknown = "-";

const char* copy(request_rec* r, std::string_view text) noexcept {
  return apr_pstrmemdup(r->pool, text.data(), text.size());
}

/// The door of a field: what belongs to the request is looked up here.
const Observation* observation_of(request_rec* r, Identity wanted) noexcept {
  const auto x = exchange_of(r);
  return x ? observation(*x, wanted) : nullptr;
}

const char* field_of(request_rec* r, const Field* field) noexcept {
  if (field == nullptr || !is_enabled(r)) return kUnknown;
  const Observation* seen = observation_of(r, Identity::of(field->needs));
  if (seen == nullptr) return kUnknown;
  std::array<char, kFieldSize> buffer;
  CharWriter text(buffer.data(), buffer.size());
  return field->write(*seen, text) ? copy(r, text.view()) : kUnknown;
}

const char* bundle_of(request_rec* r) noexcept {
  if (!is_enabled(r)) return kUnknown;
  const Observation* seen = observation_of(r, Identity::all());
  if (seen == nullptr) return kUnknown;
  std::array<char, kBundleSize> buffer;
  return copy(r, write_bundle(*seen, detail_of(r), buffer.data(), buffer.size()));
}

/// Always an object: a line of a log that consists of it alone is JSON where connfate is off, too.
const char* json_of(request_rec* r) noexcept {
  const Observation* seen = is_enabled(r) ? observation_of(r, Identity::all()) : nullptr;
  std::array<char, kJsonLineSize> buffer;
  return copy(r, write_json_line(logged_request(r), seen, host_of(r->connection), detail_of(r),
                                 buffer.data(), buffer.size()));
}

const char* log_field(request_rec* r, char* name) {
  if (name == nullptr || *name == '\0') return bundle_of(r);
  return name == kJsonName ? json_of(r) : field_of(r, find_field(name));
}

const char* evaluate(ap_expr_eval_ctx_t* context, const void* field, const char* name) {
  const auto* known = static_cast<const Field*>(field);
  if (context->r == nullptr) return kUnknown;
  return field_of(context->r, known != nullptr ? known : find_field(name));
}

const char* no_such_field(const ap_expr_lookup_parms& parms) noexcept {
  return apr_psprintf(parms.pool, "there is no connfate field \"%s\"; use one of: %s", parms.arg,
                      field_names(parms.pool));
}

}  // namespace

void register_specifier(apr_pool_t* pool) noexcept {
  auto* add = APR_RETRIEVE_OPTIONAL_FN(ap_register_log_handler);
  // The tag is only read, in spite of its type (modules/loggers/mod_log_config.c).
  static char tag[] = "^CF";
  if (add != nullptr) add(pool, tag, log_field, 0);
}

int lookup_in_expression(ap_expr_lookup_parms* parms) {
  if (parms->type != AP_EXPR_FUNC_STRING || ap_cstr_casecmp(parms->name, "connfate") != 0) {
    return DECLINED;
  }
  const Field* field = nullptr;
  if (parms->arg != nullptr) {  // a literal, and not something to be computed later
    field = find_field(parms->arg);
    if (field == nullptr) {
      *parms->err = no_such_field(*parms);
      return !OK;
    }
  }
  *parms->func = reinterpret_cast<const void*>(evaluate);
  *parms->data = field;
  return OK;
}

}  // namespace connfate::apache
