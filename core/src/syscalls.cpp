// SPDX-License-Identifier: Apache-2.0
#include "connfate/syscalls.hpp"

#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <array>

namespace connfate {
namespace {

// Kernel numbers, spelled out because their headers clash with the C library's.
constexpr int kTcpInfo = 11;                   // TCP_INFO, include/uapi/linux/tcp.h
constexpr int kSoCookie = 57;                  // SO_COOKIE, include/uapi/asm-generic/socket.h, 4.12
constexpr unsigned long kSiocOutq = 0x5411UL;  // SIOCOUTQ == TIOCOUTQ
constexpr unsigned long kSiocInq = 0x541bUL;   // SIOCINQ == FIONREAD

/// Larger than any kernel's struct tcp_info (280 bytes in 6.18): the kernel returns what it has.
constexpr std::size_t kTcpInfoRoom = 512;

int kernel_getsockopt(int fd, int level, int name, void* value, unsigned* length) noexcept {
  return ::getsockopt(fd, level, name, value, length);
}

int kernel_ioctl(int fd, unsigned long request, int* value) noexcept {
  return ::ioctl(fd, request, value);
}

template <typename T>
std::optional<T> read_option(int fd, int level, int name, const Syscalls& calls) noexcept {
  T value{};
  unsigned length = sizeof value;
  if (calls.getsockopt(fd, level, name, &value, &length) != 0 || length != sizeof value) {
    return std::nullopt;
  }
  return value;
}

std::optional<std::uint8_t> as_ttl(std::optional<int> value) noexcept {
  if (!value || *value <= 0 || *value > 255) return std::nullopt;
  return static_cast<std::uint8_t>(*value);
}

std::optional<Bytes> read_queue(int fd, unsigned long which, const Syscalls& calls) noexcept {
  int queued = 0;
  if (calls.ioctl(fd, which, &queued) != 0 || queued < 0) return std::nullopt;
  return Bytes{static_cast<std::uint64_t>(queued)};
}

}  // namespace

const Syscalls& kernel() noexcept {
  static constexpr Syscalls kCalls{kernel_getsockopt, kernel_ioctl};
  return kCalls;
}

std::optional<TcpSnapshot> read_tcp_snapshot(int fd, const Syscalls& calls) noexcept {
  std::array<std::byte, kTcpInfoRoom> answer;  // only what comes back is read
  unsigned length = answer.size();
  if (calls.getsockopt(fd, IPPROTO_TCP, kTcpInfo, answer.data(), &length) != 0 ||
      length > answer.size()) {
    return std::nullopt;
  }
  return decode_tcp_info(std::span(answer).first(length));
}

std::optional<Bytes> read_output_queue(int fd, const Syscalls& calls) noexcept {
  return read_queue(fd, kSiocOutq, calls);
}

std::optional<Bytes> read_input_queue(int fd, const Syscalls& calls) noexcept {
  return read_queue(fd, kSiocInq, calls);
}

std::optional<std::uint64_t> read_cookie(int fd, const Syscalls& calls) noexcept {
  return read_option<std::uint64_t>(fd, SOL_SOCKET, kSoCookie, calls);
}

std::optional<std::uint8_t> read_handshake_ttl(int fd, const Syscalls& calls) noexcept {
  const auto domain = read_option<int>(fd, SOL_SOCKET, SO_DOMAIN, calls);
  if (domain == AF_INET6) {
    return as_ttl(read_option<int>(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, calls));
  }
  if (domain != AF_INET) return std::nullopt;
  return as_ttl(read_option<int>(fd, IPPROTO_IP, IP_MULTICAST_TTL, calls));
}

}  // namespace connfate
