// SPDX-License-Identifier: Apache-2.0
#include "socket/tap.hpp"

#if (NGX_SSL)
// Weak: an nginx that was built without OpenSSL must still be able to load us.
extern "C" {
ssize_t ngx_ssl_recv(ngx_connection_t* c, u_char* buf, size_t size) __attribute__((weak));
ssize_t ngx_ssl_write(ngx_connection_t* c, u_char* data, size_t size) __attribute__((weak));
ngx_chain_t* ngx_ssl_send_chain(ngx_connection_t* c, ngx_chain_t* in, off_t limit)
    __attribute__((weak));
}
#endif

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

SentWatcher sent_watcher = nullptr;
ChainWatcher chain_watcher = nullptr;

/// The functions of a connection that the tap stands in front of.
struct Functions {
  ngx_recv_pt recv = nullptr;
  ngx_send_pt send = nullptr;
  ngx_send_chain_pt send_chain = nullptr;

  bool operator==(const Functions&) const = default;
};

/// Those of nginx for plain sockets and for TLS; more only where another module taps, too. A table,
/// since a connection that keeps an index is 23 bytes smaller. [0] is no connection's.
constexpr std::uint8_t kMostOriginals = 16;
Functions known_originals[kMostOriginals];

/// 0 when the table is full: then there is no tap, and errors are not known.
std::uint8_t index_of(const Functions& wanted) noexcept {
  for (std::uint8_t i = 1; i < kMostOriginals; ++i) {
    if (known_originals[i].recv == nullptr) known_originals[i] = wanted;
    if (known_originals[i] == wanted) return i;
  }
  return 0;
}

/// What nginx itself reads and writes a plain connection with.
Functions plain_functions() noexcept {
  return {ngx_io.recv, ngx_io.send, ngx_io.send_chain};
}

/// The same for TLS; null in an nginx without it.
Functions tls_functions() noexcept {
#if (NGX_SSL)
  return {ngx_ssl_recv, ngx_ssl_write, ngx_ssl_send_chain};
#else
  return {};
#endif
}

/// What lies at the bottom of all taps of this connection.
Functions bottom_of(const ngx_connection_t* c) noexcept {
  const Functions tls = tls_functions();
  return c->ssl != nullptr && tls.recv != nullptr ? tls : plain_functions();
}

/// One call through the tap: knows what to call next.
template <typename Function>
class Passage {
 public:
  /// `bit` tells the three functions apart in what the connection remembers.
  Passage(const ngx_connection_t* c, PeerConnection* peer, Function Functions::*which,
          Function front, std::uint8_t bit) noexcept
      : peer_(peer), bit_(bit) {
    next_ = bottom_of(c).*which;
    if (peer == nullptr || peer->tapped == 0 || (peer->inside & bit) != 0) {
      peer_ = nullptr;
      return;
    }
    // Who stands at the very front and is what we would call next, too, has called us.
    const Function original = known_originals[peer->tapped].*which;
    if (front != original) next_ = original;
    peer_->inside = static_cast<std::uint8_t>(peer_->inside | bit_);
  }
  ~Passage() {
    if (peer_ != nullptr) peer_->inside = static_cast<std::uint8_t>(peer_->inside & ~bit_);
  }
  Passage(const Passage&) = delete;
  Passage& operator=(const Passage&) = delete;

  /// False when the call came back to us from what we had called: it was counted on its way in.
  bool counts() const noexcept { return peer_ != nullptr; }
  Function next() const noexcept { return next_; }

 private:
  PeerConnection* peer_;
  Function next_;
  std::uint8_t bit_;
};

constexpr std::uint8_t kInRecv = 1;
constexpr std::uint8_t kInSend = 2;
constexpr std::uint8_t kInSendChain = 4;

/// Had the RST come first, the write would have failed: so what ended the peer's half was a FIN.
void note_write(ngx_connection_t* c, PeerConnection& peer, bool half_ended, off_t sent_before) {
  if (half_ended && c->sent > sent_before) peer.fin_proven = true;
}

bool half_ended(const ngx_connection_t* c) noexcept {
  return c->read->pending_eof && !c->read->error;
}

ssize_t tapped_recv(ngx_connection_t* c, u_char* buffer, size_t size) {
  PeerConnection* peer = find_peer_connection(c);
  const Passage way(c, peer, &Functions::recv, c->recv, kInRecv);
  if (!way.counts()) return way.next()(c, buffer, size);
  const ErrnoTap tap(c->log);
  const ssize_t n = way.next()(c, buffer, size);
  // End of file may hide an errno, even behind the last bytes: keepalive ignores ECONNRESET, and
  // TLS reports it as a shutdown.
  if (n <= 0 || c->read->eof) peer->record.first_error.record(Operation::kRead, tap.code());
  if (n > 0 && c->ssl == nullptr) {
    peer->bytes_read = peer->bytes_read + Bytes{static_cast<std::uint64_t>(n)};
  }
  return n;
}

ssize_t tapped_send(ngx_connection_t* c, u_char* buffer, size_t size) {
  PeerConnection* peer = find_peer_connection(c);
  const Passage way(c, peer, &Functions::send, c->send, kInSend);
  if (!way.counts()) return way.next()(c, buffer, size);
  const bool half = half_ended(c);
  const off_t sent_before = c->sent;
  const ErrnoTap tap(c->log);
  const ssize_t n = way.next()(c, buffer, size);
  if (n == NGX_ERROR) peer->record.first_error.record(Operation::kWrite, tap.code());
  note_write(c, *peer, half, sent_before);
  if (n > 0 && peer->watches_sent) sent_watcher(c, buffer, static_cast<std::size_t>(n));
  return n;
}

ngx_chain_t* tapped_send_chain(ngx_connection_t* c, ngx_chain_t* in, off_t limit) {
  PeerConnection* peer = find_peer_connection(c);
  const Passage way(c, peer, &Functions::send_chain, c->send_chain, kInSendChain);
  if (!way.counts()) return way.next()(c, in, limit);
  const bool half = half_ended(c);
  const off_t sent_before = c->sent;
  const ErrnoTap tap(c->log);
  if (peer->watches_chains) chain_watcher(*peer, in);
  ngx_chain_t* rest = way.next()(c, in, limit);
  if (rest == NGX_CHAIN_ERROR) peer->record.first_error.record(Operation::kWrite, tap.code());
  note_write(c, *peer, half, sent_before);
  return rest;
}

/// Whether the tap may stand in front of what is there now: nginx's own function, or anything while
/// the connection has never known the tap. Whoever else stands there may call the tap.
template <typename Function>
bool may_cover(Function now, Function tap, bool is_first, Function plain, Function tls) noexcept {
  return now != tap && (is_first || now == plain || now == tls);
}

}  // namespace

void install_tap(ngx_connection_t* c, PeerConnection& peer) noexcept {
  const Functions plain = plain_functions();
  const Functions tls = tls_functions();
  const bool is_first = peer.tapped == 0;
  const bool recv = may_cover<ngx_recv_pt>(c->recv, &tapped_recv, is_first, plain.recv, tls.recv);
  const bool send = may_cover<ngx_send_pt>(c->send, &tapped_send, is_first, plain.send, tls.send);
  const bool chain = may_cover<ngx_send_chain_pt>(c->send_chain, &tapped_send_chain, is_first,
                                                  plain.send_chain, tls.send_chain);
  if (!recv && !send && !chain) return;
  Functions behind = known_originals[peer.tapped];
  if (recv) behind.recv = c->recv;
  if (send) behind.send = c->send;
  if (chain) behind.send_chain = c->send_chain;
  const std::uint8_t index = index_of(behind);
  if (index == 0) return;
  peer.tapped = index;
  // What was read while the tap was off has not been counted.
  if (recv && !is_first) peer.counts_reads = false;
  if (recv) c->recv = &tapped_recv;
  if (send) c->send = &tapped_send;
  if (chain) c->send_chain = &tapped_send_chain;
}

void watch_sent(PeerConnection& peer, SentWatcher watcher) noexcept {
  sent_watcher = watcher;
  peer.watches_sent = true;
}

void watch_chains(PeerConnection& peer, ChainWatcher watcher) noexcept {
  chain_watcher = watcher;
  peer.watches_chains = true;
}

bool taps_reads(const ngx_connection_t* c) noexcept {
  return c->recv == &tapped_recv;
}

}  // namespace connfate::nginx
