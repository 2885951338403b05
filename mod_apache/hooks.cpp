// SPDX-License-Identifier: Apache-2.0
#include "hooks.hpp"

#include "config.hpp"
#include "connection.hpp"
#include "fields.hpp"
#include "message.hpp"
#include "report.hpp"
#include "request.hpp"
#include "tap.hpp"
#include "tunnel.hpp"
#include "view.hpp"

APLOG_USE_MODULE(connfate);

namespace connfate::apache {
namespace {

constexpr const char* kBodyFilter = "CONNFATE_BODY";
constexpr const char* kHandlerFilter = "CONNFATE_HANDLER";

// Configuration

int on_pre_config(apr_pool_t* pool, apr_pool_t*, apr_pool_t*) {
  register_specifier(pool);
  return OK;
}

int on_check_config(apr_pool_t*, apr_pool_t*, apr_pool_t*, server_rec* main_server) {
  return check_fields(main_server);
}

int on_post_config(apr_pool_t* pool, apr_pool_t*, apr_pool_t* temporary, server_rec* main_server) {
  find_http2();
  if (!settle(pool, main_server) || install_tap(temporary)) return OK;
  ap_log_error(APLOG_MARK, APLOG_WARNING, 0, main_server,
               "connfate: this httpd's end-of-request buckets are unknown to this build, so errors "
               "of writes are not seen; rebuild mod_connfate against this httpd");
  return OK;
}

// A connection's life

int on_connection(conn_rec* c, void*) {
  if (!is_active(c)) return DECLINED;
  watch_connection(c);
  tap_input(c);
  if (c->master == nullptr && !c->outgoing) watch_streams(*find_peer_connection(c));
  return DECLINED;
}

int on_request_begun(request_rec* r) {
  if (r->main != nullptr || find_peer_connection(r->connection) == nullptr) return OK;
  Message& message = request_state(r).message;
  if (r->prev == nullptr) {
    watch_message(r, message);
  } else {
    begin_other_answer(r, message);
  }
  return OK;
}

/// httpd is about to wait for a request. Under TLS the handshake is over by now
/// (ssl_hook_process_connection, modules/ssl/mod_ssl.c, 2.4).
void before_request(request_rec*, conn_rec* c) {
  PeerConnection* peer = c->master == nullptr ? find_peer_connection(c) : nullptr;
  if (peer != nullptr && !peer->started) peer->taken_before_request = peer->bytes_taken;
}

bool announces_body(const request_rec* r) noexcept {
  return apr_table_get(r->headers_in, "Content-Length") != nullptr ||
         apr_table_get(r->headers_in, "Transfer-Encoding") != nullptr;
}

/// For the witness, and now: when the server closes the socket under the feet of a response, its
/// log phase comes too late, and the socket's end would have nobody to belong to.
void name_socket(request_rec* r, PeerConnection& peer) noexcept {
  if (witness_of(r->connection) == nullptr || !has_tcp(r)) return;
  const Lock lock(peer);
  peer.record.read_identity(peer.descriptor(), true, true);
}

int on_request(request_rec* r) {
  const auto x = r == root_of(r) ? exchange_of(r) : std::nullopt;
  if (!x) return DECLINED;
  x->state->head_received = true;
  if (r->connection->master == nullptr) {
    begin_connection(*x->peer);
    watch_tunnel(r, *x->peer);
  } else {
    begin_stream(*x->peer, x->state->stream, r);
  }
  name_socket(r, *x->peer);
  if (announces_body(r)) ap_add_input_filter(kBodyFilter, nullptr, r, r->connection);
  return DECLINED;
}

/// mod_http2's timer, or the client's RST_STREAM, ended the body of one stream.
bool stream_ended(apr_status_t status) noexcept {
  return APR_STATUS_IS_TIMEUP(status) || APR_STATUS_IS_ECONNABORTED(status) ||
         APR_STATUS_IS_ECONNRESET(status);
}

/// Asked in the thread of an HTTP/2 stream, while the connection's own thread goes on reading.
bool has_read_all(conn_rec* c) noexcept {
  PeerConnection* peer = find_peer_connection(c);
  if (peer == nullptr) return false;
  const Lock lock(*peer);
  return peer->read_ended();
}

/// Above HTTP_IN, which alone knows where the body ends. It also refuses bodies that are too large
/// or malformed; only a connection that gave no more makes the request incomplete.
apr_status_t watch_body(ap_filter_t* f, apr_bucket_brigade* bb, ap_input_mode_t mode,
                        apr_read_type_e block, apr_off_t readbytes) {
  const apr_status_t status = ap_get_brigade(f->next, bb, mode, block, readbytes);
  if (status == APR_SUCCESS) return status;
  const bool gave_no_more =
      APR_STATUS_IS_INCOMPLETE(status) || stream_ended(status) || has_read_all(f->r->connection);
  if (gave_no_more) request_state(f->r).body_failed = true;
  return status;
}

void on_error_page(request_rec* r) {
  RequestState* state = r->main == nullptr ? find_request_state(r) : nullptr;
  if (state != nullptr) begin_other_answer(r, state->message);
}

void on_insert_filter(request_rec* r) {
  if (r->connection->master != nullptr && find_peer_connection(r->connection) != nullptr) {
    ap_add_output_filter(kHandlerFilter, nullptr, r, r->connection);
  }
}

/// HTTP/2: whether there was anything to send. A handler that is itself waiting for its backend
/// must not be taken for a client that takes nothing.
apr_status_t watch_handler(ap_filter_t* f, apr_bucket_brigade* bb) {
  RequestState& state = request_state(f->r);
  for (apr_bucket* b = APR_BRIGADE_FIRST(bb); b != APR_BRIGADE_SENTINEL(bb);
       b = APR_BUCKET_NEXT(b)) {
    if (APR_BUCKET_IS_EOS(b)) state.had_data = true;
  }
  const apr_status_t status = ap_pass_brigade(f->next, bb);
  if (status != APR_SUCCESS) state.had_data = true;
  if (APR_STATUS_IS_TIMEUP(status)) state.stream_timed_out = true;
  return status;
}

int before_log(request_rec* r) {
  if (const auto x = exchange_of(r)) {
    x->state->in_log_phase = true;
    if (r->connection->master == nullptr) note_tunnel_end(*x->peer);
    report_to_witness(*x);
  }
  return OK;
}

int after_log(request_rec* r) {
  const auto x = exchange_of(r);
  if (!x) return OK;
  const Lock lock(*x->peer);
  if (r->connection->master == nullptr) {
    --x->peer->ends_under_way;
    forget_tunnel(*x->peer);
  }
  if (!x->state->observation.is_there()) x->peer->record.skip_response();
  return OK;
}

}  // namespace

void install_hooks(apr_pool_t*) noexcept {
  register_tap();
  register_message_filter();
  register_tunnel_filter();
  ap_register_input_filter(kBodyFilter, watch_body, nullptr, AP_FTYPE_CONTENT_SET);
  ap_register_output_filter(kHandlerFilter, watch_handler, nullptr, AP_FTYPE_CONTENT_SET);
  register_stream_filters();
  ap_hook_pre_config(on_pre_config, nullptr, nullptr, APR_HOOK_REALLY_FIRST);
  ap_hook_check_config(on_check_config, nullptr, nullptr, APR_HOOK_MIDDLE);
  ap_hook_post_config(on_post_config, nullptr, nullptr, APR_HOOK_LAST);
  ap_hook_expr_lookup(lookup_in_expression, nullptr, nullptr, APR_HOOK_MIDDLE);

  ap_hook_pre_connection(on_connection, nullptr, nullptr, APR_HOOK_FIRST);
  // Behind http_core, which adds the filters that frame the answer.
  ap_hook_create_request(on_request_begun, nullptr, nullptr, APR_HOOK_REALLY_LAST);
  ap_hook_pre_read_request(before_request, nullptr, nullptr, APR_HOOK_MIDDLE);
  ap_hook_post_read_request(on_request, nullptr, nullptr, APR_HOOK_REALLY_FIRST);
  ap_hook_insert_filter(on_insert_filter, nullptr, nullptr, APR_HOOK_LAST);
  ap_hook_insert_error_filter(on_error_page, nullptr, nullptr, APR_HOOK_LAST);
  ap_hook_log_transaction(before_log, nullptr, nullptr, APR_HOOK_REALLY_FIRST);
  ap_hook_log_transaction(after_log, nullptr, nullptr, APR_HOOK_REALLY_LAST);
}

}  // namespace connfate::apache

extern "C" void connfate_install_hooks(apr_pool_t* pool) {
  connfate::apache::install_hooks(pool);
}
