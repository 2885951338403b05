// SPDX-License-Identifier: Apache-2.0
#include "socket/tap.hpp"

namespace connfate::nginx {
namespace {

/// While alive, remembers errno as it was when the connection's log handler first ran.
class ErrnoTap {
 public:
  explicit ErrnoTap(ngx_log_t* log) noexcept : log_(log), handler_(log->handler), outer_(active_) {
    active_ = this;
    log_->handler = on_log;
    ngx_set_errno(0);
  }
  ~ErrnoTap() {
    log_->handler = handler_;
    active_ = outer_;
  }
  ErrnoTap(const ErrnoTap&) = delete;
  ErrnoTap& operator=(const ErrnoTap&) = delete;

  /// errno of the call: as it was when nginx began to log, else as it is now.
  int code() const noexcept { return logged_ ? code_ : ngx_errno; }

 private:
  static u_char* on_log(ngx_log_t* log, u_char* buffer, size_t size) {
    ErrnoTap* tap = active_;
    if (!tap->logged_) {
      tap->logged_ = true;
      tap->code_ = ngx_errno;
    }
    return tap->handler_ != nullptr ? tap->handler_(log, buffer, size) : buffer;
  }

  // A worker serves its connections from one thread; pool threads never log through c->log's
  // handler while a call of that thread is on the stack.
  static ErrnoTap* active_;

  ngx_log_t* log_;
  ngx_log_handler_pt handler_;
  ErrnoTap* outer_;
  int code_ = 0;
  bool logged_ = false;
};

ErrnoTap* ErrnoTap::active_ = nullptr;

/// The functions of a connection that the tap stands in front of.
struct Originals {
  ngx_recv_pt recv = nullptr;
  ngx_send_pt send = nullptr;
  ngx_send_chain_pt send_chain = nullptr;

  bool operator==(const Originals&) const = default;
};

/// Those of nginx for plain sockets and for TLS; more only where another module taps, too. A table,
/// since a connection that keeps an index is 23 bytes smaller. [0] is no connection's.
constexpr std::uint8_t kMostOriginals = 16;
Originals known_originals[kMostOriginals];

const Originals& originals(const PeerConnection& peer) noexcept {
  return known_originals[peer.tapped];
}

/// 0 when the table is full: then there is no tap, and errors are not known.
std::uint8_t index_of(const Originals& wanted) noexcept {
  for (std::uint8_t i = 1; i < kMostOriginals; ++i) {
    if (known_originals[i].recv == nullptr) known_originals[i] = wanted;
    if (known_originals[i] == wanted) return i;
  }
  return 0;
}

/// Had the RST come first, the write would have failed: so what ended the client's half was a FIN.
void note_write(ngx_connection_t* c, PeerConnection& peer, bool half_ended, off_t sent_before) {
  if (half_ended && c->sent > sent_before) peer.fin_proven = true;
}

ssize_t tapped_recv(ngx_connection_t* c, u_char* buffer, size_t size) {
  PeerConnection* peer = find_peer_connection(c);
  if (peer == nullptr) return ngx_recv(c, buffer, size);
  const ErrnoTap tap(c->log);
  const ssize_t n = originals(*peer).recv(c, buffer, size);
  // End of file may hide an errno, even behind the last bytes: keepalive ignores ECONNRESET, and
  // TLS reports it as a shutdown.
  if (n <= 0 || c->read->eof) peer->record.first_error.record(Operation::kRead, tap.code());
  if (n > 0) peer->bytes_read = peer->bytes_read + Bytes{static_cast<std::uint64_t>(n)};
  return n;
}

ssize_t tapped_send(ngx_connection_t* c, u_char* buffer, size_t size) {
  PeerConnection* peer = find_peer_connection(c);
  if (peer == nullptr) return ngx_send(c, buffer, size);
  const bool half_ended = c->read->pending_eof && !c->read->error;
  const off_t sent_before = c->sent;
  const ErrnoTap tap(c->log);
  const ssize_t n = originals(*peer).send(c, buffer, size);
  if (n == NGX_ERROR) peer->record.first_error.record(Operation::kWrite, tap.code());
  note_write(c, *peer, half_ended, sent_before);
  return n;
}

ngx_chain_t* tapped_send_chain(ngx_connection_t* c, ngx_chain_t* in, off_t limit) {
  PeerConnection* peer = find_peer_connection(c);
  if (peer == nullptr) return ngx_send_chain(c, in, limit);
  const bool half_ended = c->read->pending_eof && !c->read->error;
  const off_t sent_before = c->sent;
  const ErrnoTap tap(c->log);
  ngx_chain_t* rest = originals(*peer).send_chain(c, in, limit);
  if (rest == NGX_CHAIN_ERROR) peer->record.first_error.record(Operation::kWrite, tap.code());
  note_write(c, *peer, half_ended, sent_before);
  return rest;
}

}  // namespace

void install_tap(ngx_connection_t* c, PeerConnection& peer) noexcept {
  Originals wanted = originals(peer);
  if (c->recv != &tapped_recv) wanted.recv = c->recv;
  if (c->send != &tapped_send) wanted.send = c->send;
  if (c->send_chain != &tapped_send_chain) wanted.send_chain = c->send_chain;
  const std::uint8_t index = index_of(wanted);
  if (index == 0) return;
  peer.tapped = index;
  c->recv = &tapped_recv;
  c->send = &tapped_send;
  c->send_chain = &tapped_send_chain;
}

}  // namespace connfate::nginx
