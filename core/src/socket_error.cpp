// SPDX-License-Identifier: Apache-2.0
#include "connfate/socket_error.hpp"

#include <cerrno>
#include <cstring>

namespace connfate {

std::string_view to_token(Operation operation) noexcept {
  switch (operation) {
    case Operation::kRead: return "read";
    case Operation::kWrite: return "write";
    case Operation::kUnknown: break;
  }
  return "-";
}

std::string_view errno_symbol(int code) noexcept {
  const char* name = code > 0 ? ::strerrorname_np(code) : nullptr;
  return name != nullptr ? name : "-";
}

ErrorKind kind_of(int code) noexcept {
  switch (code) {
    case ECONNRESET: return ErrorKind::kReset;
    case EPIPE: return ErrorKind::kPipe;
    case ETIMEDOUT: return ErrorKind::kTimeout;
    // icmp_err_convert[] of net/ipv4/icmp.c and icmpv6_err_convert() of net/ipv6/icmp.c, 6.1. An
    // established connection gets one of these only when its timers run out after the ICMP error.
    case EHOSTUNREACH:
    case ENETUNREACH:
    case ECONNREFUSED:
    case EACCES:
    case EHOSTDOWN:
    case ENONET:
    case ENOPROTOOPT:
    case EPROTO: return ErrorKind::kIcmp;
    case ECONNABORTED: return ErrorKind::kLocalKill;
    default: return ErrorKind::kNone;
  }
}

void FirstError::record(Operation operation, int code) noexcept {
  if (!first_ && kind_of(code) != ErrorKind::kNone) first_ = SocketError{code, operation};
}

}  // namespace connfate
