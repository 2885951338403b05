// SPDX-License-Identifier: Apache-2.0
#include "tap.hpp"

#include "tunnel.hpp"

namespace connfate::apache {
namespace {

constexpr const char* kInputFilter = "CONNFATE_IN";
constexpr const char* kGoodbyeFilter = "CONNFATE_GOODBYE";

// Where the filter record pointed before us. Set during configuration, in the one thread of the
// parent, to a value that is the same for every generation of one httpd binary.
ap_out_filter_func core_output;

/// The first member of httpd's private ap_bucket_eor (server/eor_bucket.c); install_tap() checks.
int references(const apr_bucket* eor) noexcept {
  return static_cast<apr_bucket_refcount*>(eor->data)->refcount;
}

constexpr auto kUnknownLength = static_cast<apr_size_t>(-1);

void count(const apr_bucket* b, std::optional<Bytes>& total) noexcept {
  if (!total) return;
  total = b->length == kUnknownLength ? std::nullopt : std::optional(*total + Bytes{b->length});
}

void look_through(apr_bucket_brigade* going_out, PeerConnection& peer) noexcept {
  for (apr_bucket* b = APR_BRIGADE_FIRST(going_out); b != APR_BRIGADE_SENTINEL(going_out);
       b = APR_BUCKET_NEXT(b)) {
    count(b, peer.bytes_handed_down);
    if (AP_BUCKET_IS_ERROR(b)) peer.cut_short = true;
    if (!AP_BUCKET_IS_EOR(b)) continue;
    peer.last_end = peer.bytes_handed_down;
    ++peer.ends_under_way;
    apr_bucket* second = nullptr;
    if (apr_bucket_copy(b, &second) == APR_SUCCESS) {
      APR_BRIGADE_INSERT_TAIL(peer.held, second);
    }
  }
}

/// Lets go of the requests that nobody else holds any more: this is where they are logged.
void release_requests(PeerConnection& peer) noexcept {
  apr_bucket* b = APR_BRIGADE_FIRST(peer.held);
  while (b != APR_BRIGADE_SENTINEL(peer.held)) {
    apr_bucket* next = APR_BUCKET_NEXT(b);
    if (references(b) == 1) apr_bucket_delete(b);
    b = next;
  }
}

/// Only the first failure says why: once it has one, CORE answers ECONNABORTED by itself.
void note_write(apr_status_t status, PeerConnection& peer) noexcept {
  if (status == APR_SUCCESS) {
    if (peer.descriptor() >= 0) {
      peer.taken_by_core = peer.bytes_handed_down.value_or(peer.taken_by_core);
    }
    return;
  }
  const Lock lock(peer);
  if (peer.write_failed) return;
  peer.write_failed = true;
  if (APR_STATUS_IS_TIMEUP(status)) {
    peer.write_timed_out = true;
  } else {
    peer.record.first_error.record(Operation::kWrite, status);
  }
}

apr_status_t tapped_core_output(ap_filter_t* f, apr_bucket_brigade* going_out) {
  PeerConnection* peer = find_peer_connection(f->c);
  if (peer == nullptr) return core_output(f, going_out);
  const bool gave_up_before = f->c->aborted;
  const auto handed_down_before = peer->bytes_handed_down;
  if (going_out != nullptr) look_through(going_out, *peer);
  if (peer->bytes_handed_down != handed_down_before) peer->last_write = monotonic_now();
  const apr_status_t status = core_output(f, going_out);
  if (!gave_up_before) note_write(status, *peer);
  release_requests(*peer);
  return status;
}

/// Without a system call: what CORE handed up lies in memory.
void note_proxy_header(apr_bucket* b, ProxyHeader& header) noexcept {
  const char* bytes = nullptr;
  apr_size_t size = 0;
  if (header.is_over() || !APR_BUCKET_IS_HEAP(b)) return;
  if (apr_bucket_read(b, &bytes, &size, APR_NONBLOCK_READ) == APR_SUCCESS) {
    header.take({bytes, size});
  }
}

void note_taken(ap_input_mode_t mode, apr_bucket_brigade* taken, PeerConnection& peer) noexcept {
  if (mode == AP_MODE_INIT || mode == AP_MODE_SPECULATIVE || APR_BRIGADE_EMPTY(taken)) return;
  const Lock lock(peer);
  for (apr_bucket* b = APR_BRIGADE_FIRST(taken); b != APR_BRIGADE_SENTINEL(taken);
       b = APR_BUCKET_NEXT(b)) {
    note_proxy_header(b, peer.proxy_header);
    count(b, peer.bytes_taken);
    if (APR_BUCKET_IS_EOS(b)) peer.read_eof = true;  // a blocking read's (core_filters.c)
  }
}

void note_read_error(apr_status_t status, PeerConnection& peer) noexcept {
  if (APR_STATUS_IS_EAGAIN(status)) return;
  const Lock lock(peer);
  if (APR_STATUS_IS_EOF(status)) {
    peer.read_eof = true;
    note_tunnel_end(peer);
  }
  if (APR_STATUS_IS_TIMEUP(status)) peer.read_timed_out = true;
  peer.record.first_error.record(Operation::kRead, status);
}

apr_status_t tapped_input(ap_filter_t* f, apr_bucket_brigade* taken, ap_input_mode_t mode,
                          apr_read_type_e block, apr_off_t readbytes) {
  auto* peer = static_cast<PeerConnection*>(f->ctx);
  const apr_status_t status = ap_get_brigade(f->next, taken, mode, block, readbytes);
  peer->last_read = monotonic_now();
  if (status == APR_SUCCESS) {
    note_taken(mode, taken, *peer);
  } else {
    note_read_error(status, *peer);
  }
  return status;
}

/// mod_ssl answers a close_notify with the end of the file, which the tap below it has not seen.
apr_status_t watch_goodbye(ap_filter_t* f, apr_bucket_brigade* bb, ap_input_mode_t mode,
                           apr_read_type_e block, apr_off_t readbytes) {
  const apr_status_t status = ap_get_brigade(f->next, bb, mode, block, readbytes);
  if (!APR_STATUS_IS_EOF(status)) return status;
  auto& peer = *static_cast<PeerConnection*>(f->ctx);
  const Lock lock(peer);
  if (!peer.read_eof && !peer.record.first_error.get()) peer.goodbye = true;
  note_tunnel_end(peer);
  return status;
}

/// Whether a copy of an EOR bucket counts where references() looks. Without a request in it, the
/// bucket has no effect when it dies.
bool knows_eor_buckets(apr_pool_t* pool) noexcept {
  apr_bucket_alloc_t* list = apr_bucket_alloc_create(pool);
  apr_bucket* first = ap_bucket_eor_create(list, nullptr);
  apr_bucket* second = nullptr;
  const bool copied = apr_bucket_copy(first, &second) == APR_SUCCESS;
  const bool counted = copied && references(first) == 2;
  if (copied) apr_bucket_destroy(second);
  const bool known = counted && references(first) == 1;
  apr_bucket_destroy(first);
  apr_bucket_alloc_destroy(list);
  return known;
}

}  // namespace

void register_tap() noexcept {
  // Above TLS, which is at AP_FTYPE_CONNECTION + 5.
  ap_register_input_filter(kGoodbyeFilter, watch_goodbye, nullptr, AP_FTYPE_CONNECTION);
  ap_register_input_filter(kInputFilter, tapped_input, nullptr,
                           static_cast<ap_filter_type>(AP_FTYPE_NETWORK - 1));
}

bool install_tap(apr_pool_t* pool) noexcept {
  ap_out_filter_func& slot = ap_core_output_filter_handle->filter_func.out_func;
  if (slot == tapped_core_output) return true;
  if (!knows_eor_buckets(pool)) return false;
  core_output = slot;
  slot = tapped_core_output;
  return true;
}

void tap_input(conn_rec* c) noexcept {
  if (c->master != nullptr) return;
  if (auto* peer = find_peer_connection(c)) {
    ap_add_input_filter(kInputFilter, peer, nullptr, c);
    ap_add_input_filter(kGoodbyeFilter, peer, nullptr, c);
  }
}

}  // namespace connfate::apache
