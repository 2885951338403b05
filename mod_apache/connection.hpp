// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides PeerConnection: our record of one client connection, in the connection's own pool and
// found through its conn_config.
// Surprising:
//  - For HTTP/2 every stream has a connection record of its own (c->master != NULL) whose socket is
//    a process-wide dummy; everything here is about the master.
//  - mod_proxy's connections to backends run the same hooks; they get no record.
//  - HTTP/2 streams are logged by several threads: hold the lock while using `record`.

#include <pthread.h>

#include <chrono>

#include "connfate/connection.hpp"
#include "connfate/proxy_header.hpp"
#include "server.hpp"
#include "streams.hpp"

namespace connfate::apache {

/// APR's clock is the wall's, and can be set while a connection lives.
std::chrono::nanoseconds monotonic_now() noexcept;

struct Tunnel;

struct PeerConnection {
  Connection record;
  conn_rec* connection = nullptr;
  apr_bucket_brigade* held = nullptr;  ///< second references to EOR buckets, see tap.hpp
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

  bool started = false;       ///< the first request's head has arrived
  bool write_failed = false;  ///< a write ended in an error; no later one can succeed
  bool write_timed_out = false;
  bool read_eof = false;  ///< a read found the end; behind it may also be a swallowed RST
  bool read_timed_out = false;
  bool goodbye = false;    ///< TLS: a read above it found the client's close_notify
  bool cut_short = false;  ///< an error bucket went out: the body under way is not whole
  StreamWatch streams;     ///< HTTP/2 only

  /// Bytes handed down to CORE since accept; nullopt once a bucket of unknown length went down.
  std::optional<Bytes> bytes_handed_down = Bytes{};

  /// What of them was handed down while httpd had its descriptor, and CORE took it.
  Bytes taken_by_core{};
  /// Behind the last response whose end was handed down, and how many of those are not logged yet.
  std::optional<Bytes> last_end;
  int ends_under_way = 0;

  /// Bytes handed up by the core input filter; nullopt once it handed up a bucket of unknown
  /// length.
  std::optional<Bytes> bytes_taken = Bytes{};

  /// Of those: what had come before the first request was asked for (a TLS handshake), and a PROXY
  /// header, which mod_remoteip takes off no earlier than then.
  std::optional<Bytes> taken_before_request;
  ProxyHeader proxy_header;

  /// When the last read of the socket returned.
  std::chrono::nanoseconds last_read = monotonic_now();
  std::chrono::milliseconds since_read() const noexcept;
  std::chrono::nanoseconds last_write{};  ///< of data, down to CORE
  Tunnel* tunnel = nullptr;               ///< once a request asked for an upgrade, see tunnel.hpp

  /// The client ended the connection, TLS or HTTP/2, before anything failed here.
  bool has_left() const noexcept { return read_ended() || streams.goaway_received; }

  /// Nothing more will come from the client, as far as httpd tried.
  bool read_ended() const noexcept;

  /// The descriptor, or -1 once httpd has closed it.
  int descriptor() const noexcept;
};

class Lock {
 public:
  explicit Lock(PeerConnection& peer) noexcept : mutex_(peer.mutex) { pthread_mutex_lock(&mutex_); }
  ~Lock() { pthread_mutex_unlock(&mutex_); }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  pthread_mutex_t& mutex_;
};

/// The connection that carries the bytes.
conn_rec* real_connection(conn_rec* c) noexcept;

/// nullptr for backends, and for connections accepted while nothing was active.
PeerConnection* find_peer_connection(conn_rec* c) noexcept;

/// Makes the record of a new connection.
void watch_connection(conn_rec* c) noexcept;

/// Starts the record at the first request of a connection: under TLS the baseline is put behind the
/// handshake.
void begin_connection(PeerConnection& peer) noexcept;

}  // namespace connfate::apache
