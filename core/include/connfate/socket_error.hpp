// SPDX-License-Identifier: Apache-2.0
#pragma once

// Provides SocketError: an errno together with the call that got it, and FirstError, which keeps
// the first one of a connection.
// Used by the modules, which see the server's own reads and writes fail, and by the rules.
// Surprising: only the first errno tells what happened. The kernel hands a socket's error to the
// first call that asks and forgets it; every later write gets EPIPE, whatever the cause was.

#include <cstdint>
#include <optional>
#include <string_view>

namespace connfate {

enum class Operation : std::uint8_t {
  kRead,
  kWrite,
  kUnknown,  ///< "-": only of a report whose sender knows more calls
};

std::string_view to_token(Operation operation) noexcept;

struct SocketError {
  int code = 0;  ///< errno value, never 0
  Operation operation = Operation::kRead;
};

/// The errno's symbol, for example "ECONNRESET"; "-" for a number the C library does not know.
std::string_view errno_symbol(int code) noexcept;

/// What an errno says about the end of a connection.
enum class ErrorKind : std::uint8_t {
  kNone,       ///< not about the connection's end (EAGAIN, EINTR, 0, ...)
  kReset,      ///< ECONNRESET: a RST, and no FIN had been processed before it
  kPipe,       ///< EPIPE: as a first error, a RST after the peer's FIN
  kTimeout,    ///< ETIMEDOUT: retransmissions, probes or keepalives went unanswered
  kIcmp,       ///< EHOSTUNREACH and its kin: as kTimeout, and an ICMP error had arrived
  kLocalKill,  ///< ECONNABORTED: the socket was destroyed on this host (ss -K)
};

ErrorKind kind_of(int code) noexcept;

/// Keeps the first error that ended the connection and ignores everything else.
class FirstError {
 public:
  void record(Operation operation, int code) noexcept;
  const std::optional<SocketError>& get() const noexcept { return first_; }
  /// Whether there was one, and a call of this kind got it.
  bool was_on(Operation operation) const noexcept {
    return first_ && first_->operation == operation;
  }

 private:
  std::optional<SocketError> first_;
};

}  // namespace connfate
