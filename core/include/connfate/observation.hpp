// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides the one look at the socket that decides a response: observe() takes the snapshot, finds
// the response's place in the stream, asks the rules and returns everything the fields print.
// Used by both modules, in the log phase. One TCP_INFO; where the snapshot is not exact by itself,
// one SIOCOUTQ and, the first time, another TCP_INFO; where this host refused to send something,
// one more SIOCOUTQ. noexcept, no heap, no logging.

#include <optional>

#include "connfate/connection.hpp"
#include "connfate/evidence.hpp"
#include "connfate/rules.hpp"

namespace connfate {

class HostIdentity;

struct Observation {
  Verdict verdict;
  Evidence evidence;

  // Of this response; nullopt where the kernel cannot say or the stream is shared (HTTP/2).
  std::optional<Bytes> written;
  std::optional<Bytes> acked;
  std::optional<Bytes> unacked;
  std::optional<Bytes> notsent;
  std::optional<Segments> retrans;
  std::optional<TcpSnapshot::Microseconds> rwnd_limited;
  std::optional<TcpSnapshot::Microseconds> sndbuf_limited;
  std::optional<TcpSnapshot::Microseconds> busy;

  std::optional<std::uint64_t> cookie;
  std::optional<std::uint8_t> ttl;
  const HostIdentity* host = nullptr;  ///< of the configuration; does not travel in a report
};

/// Looks once at `fd` and decides. Moves the connection's baseline to the end of this response.
/// `fd` may be anything: a dead or non-TCP descriptor gives the fate `unknown`.
Observation observe(int fd, const ServerView& view, Connection& connection,
                    const Syscalls& calls = kernel()) noexcept;

}  // namespace connfate
